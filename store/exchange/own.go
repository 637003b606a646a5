package exchange

import "opsdeck/model"

func ownValue(f *model.Field, text string) (model.Value, error) { return f.Parse(text) }
