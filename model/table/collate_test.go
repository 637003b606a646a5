package table

import (
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
)

// TestTextsStandAsReadersExpect holds the orders of the languages against what a dictionary of each has.
func TestTextsStandAsReadersExpect(t *testing.T) {
	for _, c := range []struct {
		lang string
		want []string
	}{
		{"zh-Hans", []string{"123", "Acme", "ACME 2", "安徽药业", "北京科技", "北京物流", "广州贸易", "李四", "上海钢铁", "王五", "张三"}},
		{"ja", []string{"Acme", "アサヒ", "いすゞ", "かき", "ガキ", "ﾊﾅﾏﾙ", "はなや", "ヤマト", "東京電機"}},
		{"es", []string{"Ábaco", "abeto", "Bodegas Nuno", "Bodegas Núñez", "Bodegas Ñandú", "Ébano", "zorro"}},
		{"", []string{"Ábaco", "abeto", "nandu", "Ñandu", "zorro"}},
	} {
		texts := slices.Clone(c.want)
		slices.Reverse(texts)
		slices.SortStableFunc(texts, func(a, b string) int {
			switch {
			case Before(c.lang, a, b):
				return -1
			case Before(c.lang, b, a):
				return 1
			}
			return 0
		})
		if c.lang == "" {
			slices.Reverse(texts[2:4]) // Without a language ñ is an n.
		}
		if !slices.Equal(texts, c.want) {
			t.Errorf("%q: %s\nwant %s", c.lang, strings.Join(texts, " · "), strings.Join(c.want, " · "))
		}
	}
}

// TestAnOrderIsTurnedRound compares an order that was turned round with one made anew, alike and empty texts included.
func TestAnOrderIsTurnedRound(t *testing.T) {
	var records []*model.Record
	for n := range 60 {
		names, cities := []string{"Acme", "acme", "北京", "Ábaco", "zeta"}, []string{"", "Cork", "cork", "大连"}
		records = append(records, record(t, model.Customer, n, "name", names[n*7%5], "city", cities[n*5%4], "demand_type", []string{"", "core", "basic"}[n%3]))
	}
	table := book(t, model.NewSettings(nil), records...).Table(model.Customer)
	for _, field := range []string{"name", "city", "demand_type"} {
		for _, lang := range []string{"", "zh-Hans"} {
			for _, desc := range []bool{true, false} {
				other, sorts := []Sort{{field, !desc, lang}}, []Sort{{field, desc, lang}}
				if got, want := table.reversed(table.sorted(other), sorts[0]), table.sorted(sorts); !slices.Equal(got, want) {
					t.Errorf("%v turned round:\n%v, want\n%v", sorts, got, want)
				}
			}
		}
	}
}

// TestAnOrderInALanguageOutlivesChanges compares an order that was repaired with one made anew.
func TestAnOrderInALanguageOutlivesChanges(t *testing.T) {
	var records []*model.Record
	for n, name := range []string{"北京科技", "Acme", "上海钢铁", "安徽药业", "Ñandú", "nube", "かき", "ガキ"} {
		records = append(records, record(t, model.Customer, n, "name", name))
	}
	s := book(t, model.NewSettings(nil), records...)
	for i, name := range []string{"重庆汽车", "Ábaco", "は"} {
		for _, lang := range []string{"zh-Hans", "ja", "es"} {
			s.Table(model.Customer).Order([]Sort{{Field: "name", Lang: lang}})
		}
		r := record(t, model.Customer, i, "name", name)
		s = s.Update(s.Seq+1, s.Today, nil, []Delta{{Kind: r.Kind, ID: r.ID, Record: r}})
		for _, lang := range []string{"zh-Hans", "ja", "es"} {
			table, sorts := s.Table(model.Customer), []Sort{{Field: "name", Lang: lang}}
			if got, want := table.Order(sorts), table.sorted(sorts); !slices.Equal(got, want) {
				t.Errorf("%s after %q: %v, want %v", lang, name, got, want)
			}
		}
	}
}
