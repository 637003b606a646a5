package tabular

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// hundredThousand is a table of the size that imports have to be quick for.
func hundredThousand(b *testing.B, quoted bool) []byte {
	b.Helper()
	var buf bytes.Buffer
	buf.WriteString("id,name,country,since,seats,mrr,trial,owner\n")
	for i := range 100_000 {
		name := fmt.Sprintf("Company %d", i)
		if quoted {
			name = fmt.Sprintf(`"Company, ""%d"""`, i)
		}
		fmt.Fprintf(&buf, "A-%06d,%s,DE,%02d/%02d/2024,%d,%d.50,False,ada@example.com\n", i, name, i%28+1, i%12+1, i%90, i%5000)
	}
	return buf.Bytes()
}

func readBench(b *testing.B, name string, data []byte, each func(Row)) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		rs, err := OpenBytes(context.Background(), name, data, Options{})
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		for {
			row, err := rs[0].Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			if each != nil {
				each(row)
			}
			rows++
		}
		if err := rs[0].Close(); err != nil || rows != 100_000 {
			b.Fatal(rows, err)
		}
	}
}

func BenchmarkCSV100k(b *testing.B)       { readBench(b, "a.csv", hundredThousand(b, false), nil) }
func BenchmarkCSVQuoted100k(b *testing.B) { readBench(b, "a.csv", hundredThousand(b, true), nil) }

// BenchmarkEncodingCSV100k is the yardstick.
func BenchmarkEncodingCSV100k(b *testing.B) {
	data := hundredThousand(b, false)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if recs, err := csv.NewReader(bytes.NewReader(data)).ReadAll(); err != nil || len(recs) != 100_001 {
			b.Fatal(len(recs), err)
		}
	}
}

func BenchmarkInfer100k(b *testing.B) {
	inf := NewInferrer(strings.Split("id,name,country,since,seats,mrr,trial,owner", ","))
	readBench(b, "a.csv", hundredThousand(b, false), inf.Add)
}

func BenchmarkJSON100k(b *testing.B) {
	var buf bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&buf, `{"number":%d,"title":"Issue %d","state":"open","user":{"login":"ada"},"labels":[{"name":"bug"},{"name":"p1"}]}`+"\n", i, i)
	}
	readBench(b, "a.ndjson", buf.Bytes(), nil)
}

func benchBook(b *testing.B) []byte {
	b.Helper()
	var buf bytes.Buffer
	w, err := NewWriter(FormatXLSX, &buf, []string{"id", "name", "country", "since", "seats", "mrr", "trial", "owner"}, WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range int64(100_000) {
		row := []Value{Text(fmt.Sprintf("A-%06d", i)), Text(fmt.Sprintf("Company %d", i)), Text("DE"), Date(fmt.Sprintf("2024-%02d-%02d", i%12+1, i%28+1)), Number(Decimal{Unscaled: int64(i % 90)}), Number(Decimal{i, 2}), Bool(false), Text("ada@example.com")}
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}

func BenchmarkXLSX100k(b *testing.B) { readBench(b, "a.xlsx", benchBook(b), nil) }

// BenchmarkExcelize100k is the yardstick.
func BenchmarkExcelize100k(b *testing.B) {
	data := benchBook(b)
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 100_001 {
			b.Fatal(n)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
