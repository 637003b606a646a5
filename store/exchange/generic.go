package exchange

import (
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/same"
)

// synonyms give a field the headers under which files of unknown origin have it, the likeliest
// first, in several languages. Names are compared folded; the field's own name always counts.
type synonyms struct {
	field string
	names string
	as    string // see col; "part" is one part of a name, of which there may be several
}

// generics are the headers of each kind, in the order in which kinds are tried when nobody says what
// the rows are. A kind is possible when the columns have all fields of one of its needs.
var generics = []struct {
	kind   model.Kind
	needs  []string
	fields []synonyms
}{
	{model.Usage, []string{"feature month", "feature count"}, []synonyms{
		{"key", "id|usage id|event id", ""},
		{"customer", "account id|customer id|company id|customer|account|company|organization|client|tenant", ""},
		{"contract", "subscription id|contract id|subscription|contract", ""},
		{"feature", "feature|feature name|function|module|event|event name|功能|機能", ""},
		{"month", "date|usage date|day|month|period|timestamp|日期|日付|月", ""},
		{"count", "count|usage count|events|uses|hits|times|次数|回数", ""},
		{"seconds", "seconds|duration|duration secs|usage duration secs|duration seconds|time spent", ""},
		{"users", "users|active users|user count|unique users", ""},
		{"failures", "failures|errors|error count", ""},
	}},
	{model.Invoice, []string{"due amount", "number amount date", "settled amount"}, []synonyms{
		{"key", "invoice id|id", ""},
		{"number", "number|invoice number|invoice no|invoice|rechnungsnummer|nº factura|发票号|請求書番号", ""},
		{"customer", customerWords, ""},
		{"customer.name", nameWords, ""},
		{"date", "date|invoice date|issued|issue date|issued on|rechnungsdatum|开票日期|請求日", ""},
		{"due", "due|due date|due on|payable by|fälligkeitsdatum|vencimiento|到期日|支払期限", ""},
		{"settled", "settled|settled date|paid on|payment date|paid date|bezahlt am|付款日期|入金日", ""},
		{"amount", amountWords, ""},
		{"paid", "paid|amount paid|paid amount", ""},
		{"currency", currencyWords, ""},
		{"disputed", "disputed|in dispute", ""},
	}},
	{model.Contract, []string{"start customer", "start end", "number start"}, []synonyms{
		{"key", "contract id|subscription id|id", ""},
		{"number", "number|contract number|contract no|agreement number|vertragsnummer|合同编号|契約番号", ""},
		{"name", "name|contract name|contract|subscription", ""},
		{"customer", customerWords, ""},
		{"customer.name", nameWords, ""},
		{"start", "start|start date|begin|begins|from|valid from|term start|current term start|inicio|beginn|开始日期|開始日", ""},
		{"end", "end|end date|expires|expiry|expiry date|until|valid until|term end|renewal date|fin|ende|结束日期|終了日", ""},
		{"amount", amountWords + "|price|mrr|arr|acv|tcv|contract value|annual value", ""},
		{"per", "per|amount per", "period"},
		{"billing", "billing|billing period|billing frequency|billing cycle|interval|abrechnung", "period"},
		{"currency", currencyWords, ""},
		{"auto_renew", "auto renew|auto renewal|auto renew flag|renews automatically|autorenew", ""},
		{"seats", "seats|licenses|licences|users|quantity", ""},
		{"plan", "plan|plan tier|product|edition|tier", ""},
		{"discount", "discount", ""},
		{"trial", "trial|is trial", ""},
		{"churned", "churned|churn flag|cancelled|canceled", ""},
		{"cancelled_on", "cancelled on|canceled on|cancellation date", ""},
		{"signed_on", "signed on|signed|signature date", ""},
		{"renewal_owner", "owner|renewal owner|csm", ""},
	}},
	{model.Order, []string{"customer date", "customer amount"}, []synonyms{
		{"key", "order id|order number|order no|id|transaction id|bestellnummer|订单号|注文番号", ""},
		{"customer", customerWords, ""},
		{"customer.name", nameWords, ""},
		{"date", "date|order date|ordered on|purchase date|transaction date|datum|fecha|data|日期|日付|注文日", ""},
		{"amount", amountWords + "|revenue|value|sales", ""},
		{"currency", currencyWords, ""},
		{"required", "required|required date", ""},
		{"shipped", "shipped|shipped date|ship date", ""},
		{"freight", "freight|shipping", ""},
		{"channel", "channel|source", ""},
		{"addon", "addon|add on|is addon", ""},
	}},
	{model.Churn, []string{"reason date", "customer reason"}, []synonyms{
		{"key", "id|churn id|event id", ""},
		{"customer", customerWords, ""},
		{"customer.name", nameWords, ""},
		{"date", "churn date|date|cancelled on|canceled on|lost on", ""},
		{"reason", "reason|reason code|churn reason|cancellation reason", ""},
		{"refund", "refund|refund amount", ""},
		{"feedback", "feedback|feedback text|comment", ""},
	}},
	{model.Benefit, []string{"name baseline now", "name type feature", "name amount tie"}, []synonyms{
		{"key", "id|benefit id|value id", ""},
		{"name", "name|benefit|what has changed|title|outcome", ""},
		{"customer", customerWords, ""},
		{"type", "type|benefit type|value type", ""},
		{"feature", "feature|product feature|function", ""},
		{"result", "result|business result|objective|kpi", ""},
		{"tie", "tie|strength", ""},
		{"cost", "cost|which cost|cost type", ""},
		{"baseline", "baseline|before|old value", ""},
		{"now", "now|after|current|new value", ""},
		{"measure", "measure|what is measured|metric|indicator", ""},
		{"unit", "unit|unit of measure", ""},
		{"times", "times|times a year|volume|frequency", ""},
		{"hourly_cost", "hourly cost|cost of an hour|hourly rate|loaded hourly cost", ""},
		{"amount", amountWords + "|annual value|value|savings|annual savings", ""},
		{"currency", currencyWords, ""},
		{"confidence", "confidence|confidence %|adoption confidence", ""},
		{"measured", "measured|measured on|date|as of", ""},
		{"confirmed", "confirmed|confirmed on|signed off|signed off on", ""},
		{"note", "note|notes|assumptions|comment", ""},
	}},
	{model.Deal, []string{"name stage", "name close_date"}, []synonyms{
		{"key", "deal id|opportunity id|id", ""},
		{"name", "name|deal|deal name|opportunity|opportunity name|title", ""},
		{"customer", customerWords, ""},
		{"stage", "stage|deal stage|phase", ""},
		{"amount", amountWords + "|value", ""},
		{"currency", currencyWords, ""},
		{"close_date", "close date|closing date|expected close|closed on", ""},
		{"probability", "probability|win probability", ""},
		{"owner", ownerWords, ""},
		{"type", "type|deal type", ""},
	}},
	{model.Item, []string{"summary ~status", "summary opened", "summary priority"}, []synonyms{
		{"key", "key|id|ticket id|issue id|bug id|case number|number|ticket", ""},
		{"summary", "summary|subject|title|标题|件名", ""},
		{"words", "description|body|details|text|words|描述|説明", ""},
		{"customers", customerWords + "|organization id|organization", ""},
		{"~status", "status|state|状态|状態", ""},
		{"~resolution", "resolution", ""},
		{"priority", "priority|优先级|優先度", ""},
		{"~severity", "severity", ""},
		{"kind", "kind|type|issue type|category|ticket type", "item kind"},
		{"opened", "opened|created|created at|created on|submitted|submitted at|创建时间|作成日", ""},
		{"resolved", "resolved|closed|closed at|resolved at|completed|solved at", ""},
		{"owner", "assignee|owner|assigned to", ""},
		{"reporter", "reporter|requester|creator|author|submitted by", ""},
		{"area", "component|product area|area|module|product", ""},
		{"tags", "tags|labels", ""},
		{"votes", "votes|vote count", ""},
		{"url", "url|link", ""},
	}},
	{model.Touch, []string{"customer type date", "subject type date"}, []synonyms{
		{"key", "id|activity id", ""},
		{"customer", customerWords, ""},
		{"subject", "subject|title|topic", ""},
		{"date", "date|day|on", ""},
		{"type", "type|activity type|channel", "touch"},
		{"by", "by|owner|user", ""},
		{"notes", "notes|note|description|comment", ""},
		{"minutes", "minutes|duration", ""},
	}},
	{model.Task, []string{"title due", "title done_on"}, []synonyms{
		{"key", "id|task id", ""},
		{"title", "title|task|subject|name", ""},
		{"customer", customerWords, ""},
		{"due", "due|due date|deadline", ""},
		{"owner", ownerWords, ""},
		{"done_on", "done|done on|completed on", ""},
		{"notes", "notes|description", ""},
	}},
	{model.Contact, []string{"name email", "email", "name title customer"}, []synonyms{
		{"key", "contact id|person id|id", ""},
		{"name", "first name|firstname|given name|vorname|nombre|prénom|名", asPart},
		{"name", "last name|lastname|surname|family name|nachname|apellido|nom|姓", asPart},
		{"name", "name|full name|contact|contact name|姓名|氏名", ""},
		{"customer", customerWords, ""},
		{"title", "title|job title|position|role|职位|役職", ""},
		{"department", "department|abteilung|部门|部署", ""},
		{"email", "email|e-mail|mail|email address|邮箱|メール", ""},
		{"phone", "phone|telephone|phone number|telefon|电话|電話", ""},
		{"mobile", "mobile|mobile phone|cell|手机|携帯", ""},
		{"language", "language|sprache", ""},
		{"notes", "notes|comment", ""},
	}},
	{model.Customer, []string{"name"}, []synonyms{
		{"key", "external id|customer id|account id|company id|id|customer number|customer no|kundennummer|客户编号|顧客番号", ""},
		{"name", "name|company name|account name|customer name|customer|company|account|organization|organisation|client|firma|kunde|empresa|société|entreprise|razão social|公司|公司名称|客户|客户名称|名称|会社名|顧客名", ""},
		{"registered_id", "registered id|tax id|vat id|vat number|cnpj|ein|company number|registration number|统一社会信用代码|法人番号", ""},
		{"domain", "domain|website|web|web site|url|homepage|网站|ウェブサイト", ""},
		{"phone", "phone|telephone|phone number|telefon|电话|電話", ""},
		{"local_name", "local name|native name", ""},
		{"industry", "industry|sector|branche|行业|業種", ""},
		{"employees", "employees|number of employees|headcount|size|mitarbeiter|员工数|従業員数", ""},
		{"annual_revenue", "annual revenue|revenue|umsatz", ""},
		{"country", "country|land|país|pays|国家|国", ""},
		{"region", "region|state|province|bundesland|地区|省", ""},
		{"city", "city|town|ort|stadt|ciudad|ville|cidade|城市|市", ""},
		{"address", "address|street|adresse|地址|住所", ""},
		{"postal_code", "postal code|zip|zip code|postcode|plz|邮编|郵便番号", ""},
		{"currency", currencyWords, ""},
		{"since", "since|customer since|signup date|sign up date|joined", ""},
		{"plan", "plan|plan tier|edition", ""},
		{"seats", "seats|licenses|licences", ""},
		{"owner", ownerWords, ""},
		{"sales_owner", "sales owner|account executive|ae", ""},
		{"team", "team", ""},
		{"channel", "channel|lead source|source|referral source", ""},
		{"tags", "tags|labels", ""},
		{"type", "type|account type", ""},
		{"description", "description|notes", ""},
	}},
}

// asPart marks the headers of one part of a name.
const asPart = "part"

// Headers that several kinds share.
const (
	customerWords = "customer id|account id|company id|client id|customer|account|company|customer name|account name|company name|client|organization|kunde|cliente|客户|公司|顧客|会社"
	nameWords     = "customer name|account name|company name|client name"
	amountWords   = "amount|total|amount total|total amount|net amount|betrag|importe|montant|valor|金额|金額"
	currencyWords = "currency|currency code|währung|moneda|devise|moeda|币种|通貨"
	ownerWords    = "owner|csm|account manager|account owner|responsible|负责人|担当者"
)

// generic makes a preset out of what the headers of an unknown file usually mean. Without a kind it
// takes the one that knows most of the header; nil when none does.
func generic(header []string, kind model.Kind, given []string) *preset {
	folded := foldHeader(header)
	var best *preset
	most := 0
	for i := range generics {
		g := &generics[i]
		if kind != model.KNone && g.kind != kind {
			continue
		}
		p := &preset{kind: g.kind}
		has := map[string]bool{}
		for _, f := range given {
			has[f] = true
		}
		taken := map[int]bool{}
		for _, s := range g.fields {
			p.take(folded, s, taken, has)
		}
		for _, f := range model.SchemaOf(g.kind).Stored() {
			p.take(folded, synonyms{field: f.Name, names: f.Name}, taken, has)
		}
		fits := kind != model.KNone || slices.ContainsFunc(g.needs, func(need string) bool {
			return !slices.ContainsFunc(strings.Fields(need), func(f string) bool { return !has[f] })
		})
		if fits && (best == nil || len(p.cols) > most) {
			best, most = p, len(p.cols)
		}
	}
	if best == nil && kind != model.KNone {
		return &preset{kind: kind} // kinds without a table of headers: only what a person maps
	}
	if best != nil {
		best.amountPeriod()
	}
	return best
}

// take gives a field the first of its headers that the file has and no other field took. Of names in
// parts each part is taken; a customer's name beside its id is what a stub is called.
func (p *preset) take(folded map[string]int, s synonyms, taken map[int]bool, has map[string]bool) {
	f, _ := model.SchemaOf(p.kind).Field(s.field)
	for name := range strings.SplitSeq(s.names, "|") {
		i, ok := folded[same.Fold(name)]
		if !ok || taken[i] || f != nil && f.Has(model.FHidden|model.FDerived) {
			continue
		}
		if has[s.field] && s.as != asPart {
			return
		}
		as := strings.TrimSuffix(s.as, asPart)
		if f != nil && f.Ref == model.Customer && !strings.HasSuffix(same.Fold(name), "id") && as == "" {
			as = asName
		}
		p.cols = append(p.cols, col{name, s.field, as})
		taken[i], has[s.field] = true, true
		return
	}
}

// amountPeriod reads from the header what period a contract's amount is for.
func (p *preset) amountPeriod() {
	if p.kind != model.Contract {
		return
	}
	periods := map[string]string{"mrr": "month", "arr": "year", "acv": "year", "annualvalue": "year", "tcv": "term"}
	for _, c := range p.cols {
		if period := periods[same.Fold(c.from)]; c.to == "amount" && period != "" {
			p.set = map[string]string{"per": period}
		}
	}
}
