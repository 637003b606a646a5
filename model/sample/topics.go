package sample

// topic is something that several customers report. {o} stands for an object.
type topic struct {
	kind, class string // class of demands only
	blocking    string
	area        int   // into features
	about       []int // into objects; none: any of them
	summary     string
	words       [len(languages)]string // the customer's own words, by language
	steps       string                 // how to reproduce a fault
}

// suits tells whether such a topic comes into a state: questions are answered and not repaired.
func (t *topic) suits(state string) bool {
	question := t.kind == "how-to" || t.kind == "configuration"
	switch state {
	case "answered":
		return question
	case "confirmed", "handed over", "in progress", "fixed", "released", "declined", "parked":
		return !question
	}
	return true
}

// The places of objects.
const (
	deliveries = iota
	purchases
	bills
	stocks
	shifts
	quality
	prices
)

// objects are what a topic is about: in the words of the vendor (English) and of the customers.
var objects = [][len(languages)]string{
	{"delivery notes", "交货单", "納品書", "albaranes"},
	{"purchase orders", "采购订单", "発注書", "pedidos de compra"},
	{"supplier invoices", "供应商发票", "仕入先請求書", "facturas de proveedor"},
	{"stock lists", "库存清单", "在庫一覧", "listados de existencias"},
	{"shift plans", "排班表", "シフト表", "cuadrantes de turnos"},
	{"quality reports", "质检报告", "品質報告書", "informes de calidad"},
	{"price lists", "价目表", "単価表", "listas de precios"},
}

var topics = []topic{
	{"bug", "", "3", 0, []int{deliveries, purchases, bills}, "Saving {o} fails after the second line", [...]string{
		"Nobody can save {o} since this morning. It spins and then everything typed is gone.",
		"从今天早上起{o}完全保存不了，转圈之后刚录的内容全没了，发货停着。",
		"今朝から{o}が保存できません。入力した内容も消えてしまい、出荷が止まっています。",
		"Desde esta mañana no se guarda nada en {o}; gira y se pierde lo escrito. Estamos parados.",
	}, "1. Open the list\n2. Add two lines\n3. Save: spinner, then an empty form"},
	{"bug", "", "2", 8, nil, "Export of {o} drops the last column", [...]string{
		"The export of {o} has lost its last column again, we type the totals in by hand now.",
		"{o}导出又少了最后一列，合计现在只能手工补。",
		"{o}を出力すると最後の列が欠けます。合計は手で入れています。",
		"Al exportar {o} falta la última columna y metemos los totales a mano.",
	}, "1. Export more than 500 rows as CSV\n2. Compare the header with the screen"},
	{"bug", "", "2", 3, []int{deliveries, stocks, quality}, "Handheld freezes while scanning {o}", [...]string{
		"Third time this week the handheld froze in the middle of {o}. The team counts on paper until it restarts.",
		"扫{o}的时候手持机这周已经死机三次，重启前大家只能用纸记。",
		"{o}の読み取り中に端末が止まります。今週三回目で、再起動まで紙で対応しています。",
		"El lector se queda colgado con {o}, tercera vez esta semana; hasta que reinicia contamos en papel.",
	}, "1. Scan forty items without a pause\n2. Turn the device\n3. The next scan is not taken"},
	{"bug", "", "1", 2, []int{deliveries, purchases, bills, quality}, "Dashboard counts {o} of last year twice", [...]string{
		"The dashboard says twice as many {o} for last year as we ever had. Nice, but wrong.",
		"看板上去年的{o}数量翻了一倍，好看但不对。",
		"ダッシュボードで昨年の{o}が二倍になっています。",
		"El panel da el doble de {o} del año pasado. Bonito, pero falso.",
	}, "1. Set the period to last year\n2. Compare with the list's own count"},
	{"bug", "", "1", 6, []int{purchases, bills, prices}, "Rounding of {o} differs by one cent", [...]string{
		"Every evening we are one cent off on {o} and finance asks me why.",
		"每天晚上{o}总差一分钱，财务天天来问。",
		"{o}が毎晩一円合わず、経理から聞かれます。",
		"Cada noche nos baila un céntimo en {o} y finanzas me pregunta.",
	}, "1. Three lines with 33.33 %\n2. Compare the sum with the total"},
	{"bug", "", "0", 5, []int{purchases, bills, prices}, "Headings of {o} overlap in the portal", [...]string{
		"The headings above {o} sit on top of each other. It works, it just looks broken to our suppliers.",
		"门户里{o}的表头叠在一起，能用，但供应商看着不专业。",
		"ポータルの{o}の見出しが重なって表示されます。動きはします。",
		"Los títulos encima de {o} se pisan en el portal. Funciona, pero queda feo.",
	}, "1. Open the portal at 1280 pixels\n2. Look at the third heading"},
	{"bug", "", "3", 1, []int{deliveries, purchases}, "Approvers get no message for {o}", [...]string{
		"Managers no longer get the approval message, so {o} pile up and nothing leaves the house.",
		"领导收不到审批提醒，{o}全堆着，货出不了门。",
		"承認の通知が届かず、{o}が溜まって何も出荷できません。",
		"A los jefes no les llega el aviso, se acumulan {o} y no sale nada.",
	}, "1. Send one for approval to a deputy\n2. No message arrives"},
	{"design defect", "", "2", 1, []int{purchases, bills, prices}, "A deputy cannot approve {o} of two departments", [...]string{
		"When our manager is away her deputy can approve {o} for one department but not for the other. Who thought of that?",
		"部长出差时代理人只能批一个部门的{o}，另一个部门批不了，这怎么用？",
		"部長の不在時、代理者は片方の部署の{o}しか承認できません。",
		"Cuando falta la jefa, quien la suple solo aprueba {o} de un departamento.",
	}, ""},
	{"design defect", "", "1", 4, []int{deliveries, purchases, stocks}, "Forecast ignores returns in {o}", [...]string{
		"Returns are not in the forecast, so after every season it wants us to buy far too much. See {o}.",
		"预测没算退货，每季之后都让我们多买，看{o}就知道。",
		"予測に返品が入らず、季節の後に買いすぎの提案になります。{o}をご覧ください。",
		"La previsión no cuenta devoluciones y tras la campaña pide comprar de más; mirad {o}.",
	}, ""},
	{"design defect", "", "0", 7, []int{shifts, stocks, prices, quality}, "One page is not enough for {o}", [...]string{
		"We hang {o} on the wall. They come out on two pages and the second has one line.",
		"{o}要贴墙上，打印总是两页，第二页只有一行。",
		"{o}を壁に貼りますが、二枚目が一行だけになります。",
		"Colgamos {o} en la pared y salen dos páginas, la segunda con una línea.",
	}, ""},
	{"how-to", "", "1", 9, nil, "Who changed {o} last week?", [...]string{
		"Somebody changed {o} last Tuesday. Where do I see who?",
		"上周二有人改了{o}，在哪里能看到是谁？",
		"先週火曜に{o}が変更されました。誰が変更したか確認する方法は？",
		"El martes alguien cambió {o}. ¿Dónde veo quién?",
	}, ""},
	{"how-to", "", "0", 8, nil, "Import {o} with a different separator", [...]string{
		"Our system writes semicolons. How do I tell yours when loading {o}?",
		"我们系统导出是分号，导入{o}时怎么设？",
		"こちらの出力はセミコロン区切りです。{o}の取り込み方法は？",
		"Nuestro sistema exporta con punto y coma. ¿Cómo lo indico al cargar {o}?",
	}, ""},
	{"how-to", "", "1", 2, []int{deliveries, purchases, stocks, quality}, "Show {o} by site on the dashboard", [...]string{
		"My boss wants {o} per site, I only find the total.",
		"领导要按仓看{o}，我只找到合计。",
		"{o}を拠点別に見たいのですが、合計しか見つかりません。",
		"Mi jefa quiere {o} por sede y solo encuentro el total.",
	}, ""},
	{"how-to", "", "0", 0, []int{shifts, purchases, prices}, "Copy {o} from last month", [...]string{
		"Every month the same {o}. Is there a way to copy them?",
		"每个月{o}都一样，能不能直接复制？",
		"毎月同じ{o}です。複写できますか。",
		"Cada mes lo mismo en {o}. ¿Se puede copiar?",
	}, ""},
	{"configuration", "", "2", 1, nil, "New role sees no {o}", [...]string{
		"We made a role for the new site and now those people see no {o} at all.",
		"给新仓建了角色，结果他们完全看不到{o}。",
		"新拠点の役割を作成したところ、{o}が全く見えません。",
		"Creamos un rol para la sede nueva y no ven nada en {o}.",
	}, ""},
	{"configuration", "", "1", 3, []int{deliveries, stocks, quality}, "Handhelds show {o} in the wrong language", [...]string{
		"Half of the devices show {o} in English, half in our language.",
		"一半手持机的{o}是英文，一半是中文。",
		"端末の半分で{o}が英語表示になります。",
		"La mitad de los lectores enseña {o} en inglés.",
	}, ""},
	{"configuration", "", "0", 5, []int{purchases, bills, prices}, "Supplier sees {o} of a sister company", [...]string{
		"One supplier serves two of our companies and sees {o} of both. It should be one.",
		"一个供应商服务我们两家公司，两边的{o}都能看到，应该只看一家。",
		"一社の仕入先が両社の{o}を閲覧できます。一社だけにしたいです。",
		"Un proveedor de dos sociedades ve {o} de ambas; debería ver una.",
	}, ""},
	{"demand", "core positioning", "1", 1, []int{purchases, bills, shifts}, "Approve {o} from a message, without logging in", [...]string{
		"Our directors will not log in. Let them approve {o} from the message itself.",
		"老板们不会登录系统，最好在消息里直接批{o}。",
		"役員はログインしません。通知から直接{o}を承認できると助かります。",
		"Los directores no entran al programa: que aprueben {o} desde el mensaje.",
	}, ""},
	{"demand", "core positioning", "2", 4, []int{purchases, deliveries, stocks}, "Forecast {o} per site and week", [...]string{
		"A forecast per month is too late for fresh goods. We need {o} per site and week.",
		"生鲜按月预测太晚，要按仓按周看{o}。",
		"生鮮品は月次では遅く、拠点別・週別の{o}が必要です。",
		"Con producto fresco el mes llega tarde: necesitamos {o} por sede y semana.",
	}, ""},
	{"demand", "basic", "1", 8, []int{deliveries, bills, purchases}, "Send {o} to our accounting every night", [...]string{
		"We carry {o} over to accounting by hand every evening. Can it send them by itself?",
		"每天晚上人工把{o}搬到财务软件，能不能自动推？",
		"毎晩{o}を会計へ手で移しています。自動連携できますか。",
		"Cada tarde pasamos {o} a contabilidad a mano. ¿Puede enviarse solo?",
	}, ""},
	{"demand", "basic", "0", 9, []int{deliveries, bills, quality}, "Keep {o} for ten years", [...]string{
		"The auditor wants {o} for ten years, we see three.",
		"审计要求{o}保存十年，现在只能看三年。",
		"監査で{o}の十年保存を求められています。",
		"La auditora pide {o} de diez años y vemos tres.",
	}, ""},
	{"demand", "personalised", "0", 2, []int{deliveries, purchases, prices, quality}, "Our own colours on {o}", [...]string{
		"Could {o} carry our logo and our green?",
		"{o}能不能用我们公司的标志和颜色？",
		"{o}に当社のロゴと色を使えますか。",
		"¿Se podría poner nuestro logotipo y nuestro verde en {o}?",
	}, ""},
	{"demand", "personalised", "1", 7, []int{shifts, deliveries}, "Plan {o} by the tide table", [...]string{
		"We work by the tide, not by the clock. {o} should follow the tide table.",
		"我们按潮汐作业，{o}希望跟潮汐表走。",
		"当社は潮に合わせて作業します。{o}を潮見表に合わせたいです。",
		"Trabajamos según la marea; {o} debería seguir la tabla de mareas.",
	}, ""},
}
