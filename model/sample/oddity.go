package sample

// oddity is a customer whose name is legitimate and awkward to draw.
type oddity struct {
	at                  int // which customer of the book it is
	name, local, domain string
	trade               trade
	home                place
}

var oddities = []oddity{
	{
		5, "Spanner Sisters 👩‍🔧 Workshop 🪁 Ltd", "", "spanner-sisters",
		trade{"", "", "Machinery", "service"},
		place{"Ireland", "EUR", "Connacht", word{"Galway", "galway"}, "+353 91", "IE-00", nil},
	},
	{
		// A name in Vietnamese, written with combining accents as some keyboards send them.
		18, "Công ty Co\u0302\u0309 pha\u0302\u0300n A\u0301nh Du\u031bo\u031bng Xanh", "Anh Duong Xanh JSC", "anh-duong-xanh",
		trade{"", "", "Energy", "service"},
		place{"Vietnam", "USD", "Miền Trung", word{"Đà Nẵng", "danang"}, "+84 236", "VN-00", nil},
	},
	{
		42, "The Worshipful Association of Independent Cold-Chain Hauliers, Depot Keepers, Refrigeration Engineers and " +
			"Allied Trades of the Northern and Western Counties and the Outer Islands (Mutual) Limited", "Cold-Chain Association", "coldchain-association",
		trade{"", "", "Logistics", "service"},
		place{"Ireland", "EUR", "Ulster", word{"Letterkenny", "letterkenny"}, "+353 74", "IE-00", nil},
	},
	{
		88, "شركة واحة النخيل للتجهيزات الصناعية", "Palm Oasis Industrial Supplies", "palm-oasis",
		trade{"", "", "Machinery", "wholesaler"},
		place{"United Arab Emirates", "USD", "الخليج", word{"دبي", "dubai"}, "+971 4", "AE-00", nil},
	},
}

// oddityAt returns the awkward customer at a place of the book, or nil.
func oddityAt(i int) *oddity {
	for k := range oddities {
		if oddities[k].at == i {
			return &oddities[k]
		}
	}
	return nil
}
