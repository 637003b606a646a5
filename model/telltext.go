package model

import (
	"cmp"
	"strings"
)

// News is what a customer is told about an item.
type News struct {
	State    string
	Summary  string
	Customer string
	Contact  string // whom it is written to; empty where nobody is named
	Version  string // that it was released in
	Reason   string // why it was declined
	Sender   string
	Company  string
	Language string // en, zh, ja or es; anything else is en
}

// languages of countries whose people are not written to in English, by what customers' records call
// them.
var countryLanguages = map[string]string{
	"cn": "zh", "china": "zh", "tw": "zh", "taiwan": "zh", "hk": "zh", "hong kong": "zh", "中国": "zh", "jp": "ja", "japan": "ja", "日本": "ja",
	"es": "es", "spain": "es", "españa": "es", "mx": "es", "mexico": "es", "méxico": "es", "ar": "es", "argentina": "es", "co": "es", "colombia": "es",
	"cl": "es", "chile": "es", "pe": "es", "peru": "es", "perú": "es",
}

// LanguageOf picks the language that somebody is written to in: their own, else that of the country.
func LanguageOf(own, country string) string {
	tag := strings.ToLower(strings.TrimSpace(own))
	for _, code := range []string{"en", "zh", "ja", "es"} {
		if strings.HasPrefix(tag, code) {
			return code
		}
	}
	switch {
	case strings.HasPrefix(tag, "chinese"), strings.HasPrefix(tag, "中"):
		return "zh"
	case strings.HasPrefix(tag, "japanese"), strings.HasPrefix(tag, "日"):
		return "ja"
	case strings.HasPrefix(tag, "spanish"):
		return "es"
	case tag != "":
		return "en"
	}
	return cmp.Or(countryLanguages[strings.ToLower(strings.TrimSpace(country))], "en")
}

// newsText are the parts of a letter in one language: the greeting, the greeting of nobody in
// particular, what each state means to the customer, and the end.
type newsText struct {
	dear, anybody, version, reason, end string
	states                              map[string]string
	other                               string
}

var newsTexts = map[string]newsText{
	"en": {
		dear: "Dear %n,", anybody: "Hello,", version: " It is in version %v.", reason: " The reason: %r.", end: "If anything is still not as you need it, please tell us.\n\nKind regards\n%s",
		states: map[string]string{
			"confirmed": "we have been able to reproduce what you told us: “%i”. Our engineers will take it from here.",
			"fixed":     "what you told us is fixed: “%i”. It will reach you with the next version.",
			"released":  "what you told us is solved and released: “%i”.",
			"declined":  "we have thought about what you asked for: “%i”. We will not build it.",
			"answered":  "here is the answer to your question: “%i”.",
		},
		other: "there is news about “%i”: it is now %z.",
	},
	"zh": {
		dear: "%n，您好：", anybody: "您好：", version: "已包含在版本 %v 中。", reason: "原因：%r。", end: "如仍有任何问题，请随时告诉我们。\n\n此致\n%s",
		states: map[string]string{
			"confirmed": "您反馈的问题“%i”我们已能复现，研发人员将继续处理。",
			"fixed":     "您反馈的“%i”已修复，将随下一版本提供。",
			"released":  "您反馈的“%i”已解决并发布。",
			"declined":  "您提出的“%i”我们已认真考虑，目前不会实现。",
			"answered":  "关于您的问题“%i”，答复如下。",
		},
		other: "关于“%i”有新的进展：当前状态为 %z。",
	},
	"ja": {
		dear: "%n 様", anybody: "お客様各位", version: "バージョン %v に含まれています。", reason: "理由：%r。", end: "ご不明な点がございましたら、お知らせください。\n\n%s",
		states: map[string]string{
			"confirmed": "ご連絡いただいた「%i」を再現できました。開発担当が対応いたします。",
			"fixed":     "ご連絡いただいた「%i」を修正しました。次のバージョンでお届けします。",
			"released":  "ご連絡いただいた「%i」を解決し、リリースしました。",
			"declined":  "ご要望の「%i」を検討しましたが、今回は見送らせていただきます。",
			"answered":  "ご質問「%i」への回答です。",
		},
		other: "「%i」について進展がありました。現在の状態は %z です。",
	},
	"es": {
		dear: "Hola, %n:", anybody: "Hola:", version: " Está en la versión %v.", reason: " El motivo: %r.", end: "Si algo sigue sin ser como lo necesita, díganoslo.\n\nUn saludo\n%s",
		states: map[string]string{
			"confirmed": "hemos podido reproducir lo que nos contó: «%i». Nuestros ingenieros se encargan.",
			"fixed":     "lo que nos contó está arreglado: «%i». Le llegará con la próxima versión.",
			"released":  "lo que nos contó está resuelto y publicado: «%i».",
			"declined":  "hemos estudiado lo que nos pidió: «%i». No lo vamos a construir.",
			"answered":  "esta es la respuesta a su pregunta: «%i».",
		},
		other: "hay novedades sobre «%i»: ahora está %z.",
	},
}

// Text drafts what the customer is told, in its language. It promises nothing that the item does not
// say.
func (n News) Text() string {
	t, ok := newsTexts[n.Language]
	if !ok {
		t = newsTexts["en"]
	}
	body := cmp.Or(t.states[n.State], t.other)
	if n.Version != "" && n.State == "released" {
		body += t.version
	}
	if n.Reason != "" && n.State == "declined" {
		body += t.reason
	}
	greeting := t.anybody
	if n.Contact != "" {
		greeting = t.dear
	}
	sender := strings.TrimSpace(n.Sender + "\n" + n.Company)
	fill := strings.NewReplacer("%n", n.Contact, "%i", n.Summary, "%v", n.Version, "%r", strings.TrimRight(n.Reason, "."), "%z", n.State, "%s", sender)
	return fill.Replace(greeting + "\n\n" + body + "\n\n" + t.end)
}
