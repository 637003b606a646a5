package formula

import (
	"errors"
	"math"

	"github.com/expr-lang/expr"
)

var (
	errZero     = errors.New("division by zero")
	errTooLarge = errors.New("the power is not a number that can be counted with")
	errRoot     = errors.New("the square root of a negative number")
	errLog      = errors.New("the logarithm of a number that is not above zero")
)

// functions are what an expression may call, beside divide and power, which stand for / and **.
func functions() []expr.Option {
	one := func(name string, fn func(x float64) (float64, error)) expr.Option {
		return expr.Function(name, func(p ...any) (any, error) {
			x, err := numberOf(p[0])
			if err != nil {
				return nil, err
			}
			return checked(fn(x))
		}, new(func(float64) float64))
	}
	two := func(name string, fn func(a, b float64) (float64, error)) expr.Option {
		return expr.Function(name, func(p ...any) (any, error) {
			a, errA := numberOf(p[0])
			b, errB := numberOf(p[1])
			if err := errors.Join(errA, errB); err != nil {
				return nil, err
			}
			return checked(fn(a, b))
		}, new(func(float64, float64) float64))
	}
	sure := func(fn func(float64) float64) func(float64) (float64, error) {
		return func(x float64) (float64, error) { return fn(x), nil }
	}
	return []expr.Option{
		two("divide", divide), two("power", power),
		two("min", func(a, b float64) (float64, error) { return min(a, b), nil }),
		two("max", func(a, b float64) (float64, error) { return max(a, b), nil }),
		one("abs", sure(math.Abs)), one("ceil", sure(math.Ceil)), one("floor", sure(math.Floor)), one("round", sure(math.Round)),
		one("sqrt", root), one("log10", logarithm),
	}
}

var errNoNumber = errors.New("a number is wanted here, and the field has no content")

func numberOf(v any) (float64, error) {
	switch n := v.(type) {
	case float64:
		return n, nil
	case int:
		return float64(n), nil
	}
	return 0, errNoNumber
}

func checked(x float64, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return x, nil
}

func divide(a, b float64) (float64, error) {
	if b == 0 {
		return 0, errZero
	}
	return a / b, nil
}

func power(a, b float64) (float64, error) {
	x := math.Pow(a, b)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, errTooLarge
	}
	return x, nil
}

func root(x float64) (float64, error) {
	if x < 0 {
		return 0, errRoot
	}
	return math.Sqrt(x), nil
}

func logarithm(x float64) (float64, error) {
	if x <= 0 {
		return 0, errLog
	}
	return math.Log10(x), nil
}
