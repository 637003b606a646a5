package same

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// legalForms are the words and abbreviations of company forms that a name may carry or lack. They
// are compared after punctuation is gone, so "S.p.A." is "spa".
var legalForms = wordSet(`
	inc incorporated corp corporation co company companies ltd limited llc llp lp plc pllc holding holdings group intl international
	gmbh mbh ag kg kgaa ug ohg gbr ev eg se co&kg cokg stiftung
	sa sas sasu sarl eurl sci snc scop sca
	spa srl srls sapa snc coop
	sl slu sau sc sad cv sapi rl sab
	ltda eireli epp mei cia
	bv nv vof cvba bvba sprl
	ab as asa aps oy oyj hf ehf ks ans
	sro doo dd ad ood eood kft zrt nyrt bt spzoo spk sca zoo sp z oo
	ooo zao oao pao ao ооо зао оао пао ао ип тов
	pty pte pvt sdn bhd tbk pt jsc cjsc ojsc
	kk gk yk kabushiki kaisha godo yugen
	ae epe ike oe as anonim sirketi sti tic san`)

// cjkForms stand before or behind a name without a space.
var cjkForms = []string{
	"股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "集团", "集團", "公司", "株式会社", "有限会社", "合同会社", "合名会社", "合資会社",
	"(株)", "(有)", "(同)", "㈱", "㈲", "주식회사", "유한회사", "(주)", "(유)",
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// CompanyKey is a company's name without what differs between two records of the same company:
// legal form, punctuation, accents, case and width. It is empty where nothing is left.
func CompanyKey(s string) string {
	s = FoldName(s)
	for _, form := range cjkForms {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, form), form))
	}
	words := strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		case r == '.' || r == '\'' || r == '’':
			return -1 // s.p.a. is one word
		}
		return ' '
	}, s))
	for len(words) > 1 && legalForms[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	for len(words) > 1 && (words[0] == "the" || legalForms[words[0]]) {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// FoldName lowers case, maps full width to half width and takes accents off Latin letters. Marks of
// other scripts stay: they are part of the letter there.
func FoldName(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return strings.ToLower(s)
	}
	decomposed := norm.NFKD.String(strings.ToLower(norm.NFKC.String(s)))
	latin := false
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			if latin {
				return -1
			}
			return r
		}
		latin = unicode.Is(unicode.Latin, r)
		return r
	}, decomposed))
}

// HostOf takes the host out of a web address or a mail address; "www." plays no part. It is empty
// where there is none.
func HostOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if i := strings.LastIndex(s, "@"); i >= 0 && !strings.Contains(s, "://") {
		s = s[i+1:]
	}
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	if i := strings.LastIndex(s, "@"); i >= 0 {
		s = s[i+1:]
	}
	s, _, _ = strings.Cut(s, ":")
	s = strings.TrimSuffix(strings.TrimPrefix(s, "www."), ".")
	s = unescaped(s)
	if !strings.Contains(s, ".") || strings.ContainsFunc(s, unicode.IsSpace) {
		return ""
	}
	return s
}

// unescaped turns %2e and the like into what they stand for; what is no such sign stays.
func unescaped(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		s = after
		if len(s) < 2 {
			b.WriteByte('%')
			continue
		}
		n, err := strconv.ParseUint(s[:2], 16, 8)
		if err != nil {
			b.WriteByte('%')
			continue
		}
		b.WriteByte(byte(n))
		s = s[2:]
	}
}

// freeMail are hosts whose addresses say nothing about a company.
var freeMail = wordSet(`
	gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de live.com msn.com yahoo.com
	yahoo.co.jp yahoo.co.uk yahoo.fr yahoo.de ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com
	gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.com zoho.com fastmail.com hey.com tutanota.com
	qq.com foxmail.com 163.com 126.com 139.com sina.com sina.cn sohu.com aliyun.com yeah.net 21cn.com
	docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com naver.com daum.net hanmail.net
	mail.ru yandex.ru yandex.com bk.ru list.ru inbox.ru rambler.ru ukr.net
	orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it
	uol.com.br bol.com.br terra.com.br ig.com.br rediffmail.com comcast.net verizon.net att.net sbcglobal.net
	example.com`)

// FreeMail tells hosts that anybody has an address at.
func FreeMail(host string) bool { return freeMail[host] }

// shortestPhone is how many digits a phone number needs to mean one line.
const shortestPhone = 7

// PhoneKey is the digits of a phone number without the signs of an international call; empty for
// numbers too short to mean one line.
func PhoneKey(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, norm.NFKC.String(s))
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) < shortestPhone {
		return ""
	}
	return digits
}

// Fold is how headers and words of a source are compared: NFKC, lower case, letters and digits only.
// "Account ID", "account_id" and "AccountId" are the same column.
func Fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x80 || c >= 'A' && c <= 'Z' || !isAlnum(c) {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

func isAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
