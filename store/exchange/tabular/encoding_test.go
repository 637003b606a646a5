package tabular

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func encoded(t testing.TB, enc encoding.Encoding, text string) string {
	t.Helper()
	out, err := enc.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var tables = map[string]string{
	"chinese":     "客户名称,城市,备注\n上海东方科技有限公司,上海,重点客户\n北京华夏信息技术股份有限公司,北京,续约谈判中\n",
	"short":       "名称,城市\n华为,深圳\n",
	"taiwanese":   "客戶名稱,城市,備註\n台灣積體電路製造股份有限公司,新竹,重要客戶\n國泰金融控股,台北,合約續約中\n",
	"japanese":    "会社名,市,備考\n株式会社山田製作所,東京,お客様からの問い合わせがありました\nトヨタ自動車株式会社,豊田市,契約更新\n",
	"half-width":  "名前,ｶﾅ\n山田太郎,ﾔﾏﾀﾞﾀﾛｳ\n鈴木花子,ｽｽﾞｷﾊﾅｺ\n",
	"german":      "Name;Straße;Ort\nMüller & Söhne;Königsallee 5;Düsseldorf\nBäckerei Groß;Über den Brücken 3;Köln\n",
	"french":      "Société,Ville,Montant\nChâteau Léoville,Bordeaux,1 200 €\nL’Oréal,Clichy – Île-de-France,“gros” client\n",
	"portuguese":  "Razão social;Município\nConstruções São João;Cuiabá\nPetróleo Brasileiro;Niterói\n",
	"one accent":  "id,name\n1,plain\n2,plain too\n3,Café\n",
	"spanish":     "Nombre,Año\nCompañía Española de Petróleos,2024\nPeñarroya,2023\n",
	"plain ASCII": "id,name\n1,plain\n",
}

func TestEncodingIsFound(t *testing.T) {
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, b) }
	for _, c := range []struct {
		table, want string
		enc         encoding.Encoding
	}{
		{"chinese", encGB18030, simplifiedchinese.GBK},
		{"chinese", encGB18030, simplifiedchinese.GB18030},
		{"short", encGB18030, simplifiedchinese.GB18030},
		{"taiwanese", encBig5, traditionalchinese.Big5},
		{"japanese", encCP932, japanese.ShiftJIS},
		{"half-width", encCP932, japanese.ShiftJIS},
		{"german", enc1252, charmap.Windows1252},
		{"german", enc1252, charmap.ISO8859_1},
		{"french", enc1252, charmap.Windows1252},
		{"portuguese", enc1252, charmap.Windows1252},
		{"spanish", enc1252, charmap.ISO8859_1},
		{"one accent", enc1252, charmap.ISO8859_1},
		{"plain ASCII", encUTF8, charmap.ISO8859_1},
		{"chinese", encUTF8, encoding.Nop},
		{"japanese", encUTF8, unicode.UTF8BOM},
		{"german", encUTF8, encoding.Nop},
		{"chinese", encUTF16LE, utf16(unicode.LittleEndian, unicode.UseBOM)},
		{"chinese", encUTF16BE, utf16(unicode.BigEndian, unicode.UseBOM)},
		{"chinese", encUTF16LE, utf16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"japanese", encUTF16BE, utf16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"plain ASCII", encUTF16LE, utf16(unicode.LittleEndian, unicode.IgnoreBOM)},
	} {
		text := tables[c.table]
		tab, rows := readText(t, encoded(t, c.enc, text), Options{})
		want, wantRows := readText(t, text, Options{})
		if tab.Encoding != c.want || strings.Join(tab.Header, "|") != strings.Join(want.Header, "|") {
			t.Errorf("%s as %v was read as %s: %v %v", c.table, c.enc, tab.Encoding, tab.Header, tab.Warnings)
			continue
		}
		for i, r := range rows {
			if strings.Join(r.Cells, "|") != strings.Join(wantRows[i].Cells, "|") {
				t.Errorf("%s as %v: row %v, want %v", c.table, c.enc, r.Cells, wantRows[i].Cells)
			}
		}
	}
}

// TestEncodingIsFoundOverTheWholeFile has its only telling bytes far behind any prefix.
func TestEncodingIsFoundOverTheWholeFile(t *testing.T) {
	ascii := "id,name\n" + strings.Repeat("1,plain\n", 200_000)
	for _, c := range []struct {
		enc        encoding.Encoding
		last, want string
	}{
		{encoding.Nop, "Café 中文", encUTF8},
		{charmap.Windows1252, "Café à la crème", enc1252},
		{simplifiedchinese.GBK, "上海东方科技有限公司", encGB18030},
	} {
		tab, rows := readText(t, ascii+"2,"+encoded(t, c.enc, c.last)+"\n", Options{})
		if got := rows[len(rows)-1].Cells[1]; tab.Encoding != c.want || got != c.last {
			t.Errorf("%s: %q, want %s %q", tab.Encoding, got, c.want, c.last)
		}
	}
}

func TestEncodingGiven(t *testing.T) {
	gbk := encoded(t, simplifiedchinese.GBK, tables["chinese"])
	for _, name := range []string{"gbk", "GB18030", "cp936", "gb2312"} {
		if tab, _ := readText(t, gbk, Options{Encoding: name}); tab.Header[0] != "客户名称" || tab.Encoding != encGB18030 {
			t.Errorf("--encoding %s: %v", name, tab)
		}
	}
	if tab, _ := readText(t, encoded(t, japanese.EUCJP, tables["japanese"]), Options{Encoding: "euc-jp"}); tab.Header[0] != "会社名" {
		t.Errorf("an encoding that is not found by itself: %v", tab.Header)
	}
	be := encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), tables["german"])
	if tab, _ := readText(t, be, Options{Encoding: "utf-16"}); tab.Header[1] != "Straße" {
		t.Errorf("utf-16 finds the byte order: %v", tab.Header)
	}
	tab, _ := readText(t, tables["german"], Options{Encoding: "latin1"})
	if warningKinds(tab) != "encoding" {
		t.Errorf("reading UTF-8 as Latin-1 is warned of, got %v", tab.Warnings)
	}
}

func TestWrongEncodingNamesLineAndByte(t *testing.T) {
	gbk := encoded(t, simplifiedchinese.GBK, tables["chinese"])
	for _, c := range []struct {
		text, enc string
		want      []string
	}{
		{"id,name\n1,x\n2,Caf\xe9\n", "utf-8", []string{"line 3, byte 18", "0xE9", "--encoding windows-1252"}},
		{gbk, "utf8", []string{"line 1, byte 1", "--encoding gb18030"}},
		{"id,name\r1,x\r2,Caf\xe9\r", "utf-8", []string{"line 3, byte 18"}},
		{"id,name\n1,\xff\xff\n", "gb18030", []string{"line 2, byte 11", "GB18030"}},
		{"id,name\n1,a\xff\n", "cp932", []string{"line 2, byte 12", "CP932"}},
		{"id,name\n", "klingon", []string{"klingon", "--encoding"}},
		{"a,b\n1,2\nx", "utf-16le", []string{"line 1, byte 9"}},
	} {
		_, err := OpenBytes(context.Background(), "t.csv", []byte(c.text), Options{Encoding: c.enc})
		if !errors.Is(err, ErrEncoding) {
			t.Errorf("%q as %s: %v", clip(c.text), c.enc, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q as %s: %q lacks %q", clip(c.text), c.enc, err, want)
			}
		}
	}
}

// TestDamagedUTF8 has one broken byte among many good ones: the file is read, the row is marked.
func TestDamagedUTF8(t *testing.T) {
	text := tables["chinese"] + "坏\xe5\x8a,x,y\n好,x,y\n"
	tab, rows := readText(t, text, Options{})
	if tab.Encoding != encUTF8 || warningKinds(tab) != "encoding" || tab.Warnings[0].Line != 4 {
		t.Errorf("%s, %v", tab.Encoding, tab.Warnings)
	}
	if bad := rows[2]; bad.Cells[0] != "坏\uFFFD" || !errors.Is(bad.Problem, ErrBadBytes) {
		t.Errorf("the damaged row is %+v", bad)
	}
	if rows[3].Problem != nil || rows[3].Cells[0] != "好" {
		t.Errorf("the row behind it is %+v", rows[3])
	}
}

// TestRealReplacementCharacter: a U+FFFD that a file spells out is data.
func TestRealReplacementCharacter(t *testing.T) {
	for _, enc := range []encoding.Encoding{encoding.Nop, simplifiedchinese.GB18030, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)} {
		tab, rows := readText(t, encoded(t, enc, tables["chinese"]+"坏\uFFFD,x,y\n"), Options{})
		if len(tab.Warnings) > 0 || rows[2].Problem != nil || rows[2].Cells[0] != "坏\uFFFD" {
			t.Errorf("%v: %v %+v", enc, tab.Warnings, rows[2])
		}
	}
}

func TestCloseCallIsWarnedOf(t *testing.T) {
	// Half-width katakana of even length are well-formed Chinese as well.
	tab, _ := readText(t, "a,b\n\xb6\xb6\xb1\xb1,x\n", Options{})
	if !strings.Contains(warningKinds(tab), "encoding") {
		t.Errorf("read as %s without a warning", tab.Encoding)
	}
}

func TestNULBytes(t *testing.T) {
	_, rows := readText(t, "a,b\n1,x\x00y\n2,z\n", Options{})
	if rows[0].Cells[1] != "xy" || !errors.Is(rows[0].Problem, ErrNUL) || rows[1].Problem != nil {
		t.Errorf("%+v", rows)
	}
	_, err := OpenBytes(context.Background(), "t.bin", []byte("a\x00\x00\x00b\x00\x00c,\n"), Options{})
	if !errors.Is(err, ErrNotATable) {
		t.Errorf("a file of NUL bytes: %v", err)
	}
}

func TestScanAcrossChunks(t *testing.T) {
	// Characters and UTF-16 pairs lie across the borders of the chunks that are read.
	for pad := range 4 {
		text := strings.Repeat("x", pad) + ",b\n" + strings.Repeat("中", scanChunk/2) + ",y\n"
		tab, rows := readText(t, text, Options{})
		if tab.Encoding != encUTF8 || len(tab.Warnings) > 0 && tab.Warnings[0].Kind == WarnEncoding || len(rows) != 1 {
			t.Errorf("pad %d: %s %v", pad, tab.Encoding, tab.Warnings)
		}
		wide := encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), strings.Repeat("x", pad)+",b\n"+strings.Repeat("1,2\n", scanChunk/4))
		if tab, _ := readText(t, wide, Options{}); tab.Encoding != encUTF16LE {
			t.Errorf("pad %d: %s", pad, tab.Encoding)
		}
	}
}
