package sla

import "opsdeck/model/day"

// chineseYear is a year of the State Council's notice on holidays: the free stretches and the days at
// weekends that are worked instead, as month×100+day.
type chineseYear struct {
	free [][2]int
	work []int
}

// chinese follows the notices of the General Office of the State Council. A year without a notice has
// no entry: the days are decided each autumn and cannot be computed.
var chinese = map[int]chineseYear{
	2023: {
		free: [][2]int{{101, 102}, {121, 127}, {405, 405}, {429, 503}, {622, 624}, {929, 1006}},
		work: []int{128, 129, 423, 506, 625, 1007, 1008},
	},
	2024: {
		free: [][2]int{{101, 101}, {210, 217}, {404, 406}, {501, 505}, {610, 610}, {915, 917}, {1001, 1007}},
		work: []int{204, 218, 407, 428, 511, 914, 929, 1012},
	},
	2025: {
		free: [][2]int{{101, 101}, {128, 204}, {404, 406}, {501, 505}, {531, 602}, {1001, 1008}},
		work: []int{126, 208, 427, 928, 1011},
	},
	2026: {
		free: [][2]int{{101, 103}, {215, 223}, {404, 406}, {501, 505}, {619, 621}, {925, 927}, {1001, 1007}},
		work: []int{104, 214, 228, 509, 920, 1010},
	},
}

func chineseHoliday(d day.Day) (free, made bool) {
	y, m, dd := d.Date()
	year, at := chinese[y], int(m)*100+dd
	for _, w := range year.work {
		made = made || w == at
	}
	for _, f := range year.free {
		free = free || f[0] <= at && at <= f[1]
	}
	return free, made
}
