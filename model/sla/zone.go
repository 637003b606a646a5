package sla

import (
	"errors"
	"fmt"
	"time"
)

// loadZone finds the rules of a zone; no name is UTC.
func loadZone(name string) (*time.Location, error) {
	// "Local" would make answers depend on the machine.
	if name == "Local" {
		return nil, errors.New(`zone: "Local" differs from machine to machine; name the zone, such as Asia/Shanghai`)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone: %q is no zone such as Asia/Shanghai", name)
	}
	return zone, nil
}
