package db

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/money"
)

// valueOf turns an argument into one of the five forms in which both engines store: nil, int64, float64, string, []byte.
func valueOf(arg any) (any, error) {
	switch v := arg.(type) {
	case nil, int64, float64, string:
		return arg, nil
	case []byte:
		if v == nil {
			return nil, nil
		}
		return v, nil
	case int:
		return int64(v), nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case uuid.UUID:
		return v[:], nil
	case time.Time:
		return v.UnixMicro(), nil
	case day.Date:
		if v == (day.Date{}) {
			return nil, nil
		}
		return int64(v.UnixDays()), nil
	case money.Fen:
		return int64(v), nil
	}
	return reflected(reflect.ValueOf(arg))
}

// reflected is valueOf for named types and pointers.
func reflected(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return valueOf(v.Elem().Interface())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("db: the number %d is too large to store", v.Uint())
		}
		return int64(v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return v.Float(), nil
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return valueOf(v.Bool())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return valueOf(v.Bytes())
		}
	case reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			b := make([]byte, v.Len())
			reflect.Copy(reflect.ValueOf(b), v)
			return b, nil
		}
	}
	return nil, fmt.Errorf("db: a value of type %s cannot be stored", v.Type())
}

// assign stores a column's value, one of the five forms, where dest points.
func assign(dest, value any) error {
	switch d := dest.(type) {
	case *int64:
		return integer(value, func(n int64) { *d = n })
	case *int:
		return integer(value, func(n int64) { *d = int(n) })
	case *string:
		if s, ok := value.(string); ok {
			*d = s
			return nil
		}
	case *[]byte:
		switch v := value.(type) {
		case []byte:
			*d = v
			return nil
		case nil:
			*d = nil
			return nil
		}
	case *uuid.UUID:
		return identifier(d[:], value)
	case *float64:
		switch v := value.(type) {
		case float64:
			*d = v
			return nil
		case int64:
			*d = float64(v)
			return nil
		}
	case *bool:
		return integer(value, func(n int64) { *d = n != 0 })
	case *time.Time:
		return integer(value, func(n int64) { *d = time.UnixMicro(n).UTC() })
	case *day.Date:
		if value == nil {
			*d = day.Date{}
			return nil
		}
		return integer(value, func(n int64) { *d = day.FromUnixDays(int(n)) })
	case *money.Fen:
		return integer(value, func(n int64) { *d = money.Fen(n) })
	case *any:
		*d = value
		return nil
	default:
		return assignReflected(dest, value)
	}
	return mismatch(dest, value)
}

// assignReflected is assign for named types and pointers to pointers.
func assignReflected(dest, value any) error {
	p := reflect.ValueOf(dest)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("%T is no place to scan into", dest)
	}
	e := p.Elem()
	switch e.Kind() {
	case reflect.Pointer:
		if value == nil {
			e.SetZero()
			return nil
		}
		fresh := reflect.New(e.Type().Elem())
		if err := assign(fresh.Interface(), value); err != nil {
			return err
		}
		e.Set(fresh)
		return nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, ok := value.(int64)
		if ok && !e.OverflowInt(n) {
			e.SetInt(n)
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, ok := value.(int64)
		if ok && n >= 0 && !e.OverflowUint(uint64(n)) {
			e.SetUint(uint64(n))
			return nil
		}
	case reflect.Float32:
		if f, ok := value.(float64); ok {
			e.SetFloat(f)
			return nil
		}
	case reflect.String:
		if s, ok := value.(string); ok {
			e.SetString(s)
			return nil
		}
	case reflect.Bool:
		if n, ok := value.(int64); ok {
			e.SetBool(n != 0)
			return nil
		}
	case reflect.Slice:
		if b, ok := value.([]byte); ok && e.Type().Elem().Kind() == reflect.Uint8 {
			e.SetBytes(b)
			return nil
		}
	case reflect.Array:
		if b, ok := value.([]byte); ok && e.Type().Elem().Kind() == reflect.Uint8 && len(b) == e.Len() {
			reflect.Copy(e, reflect.ValueOf(b))
			return nil
		}
	}
	return mismatch(dest, value)
}

func integer(value any, set func(int64)) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("%s is no integer", described(value))
	}
	set(n)
	return nil
}

func identifier(dest []byte, value any) error {
	b, ok := value.([]byte)
	if !ok || len(b) != len(dest) {
		return fmt.Errorf("%s is no identifier of %d bytes", described(value), len(dest))
	}
	copy(dest, b)
	return nil
}

func mismatch(dest, value any) error {
	return fmt.Errorf("%s cannot be scanned into %T", described(value), dest)
}

// described names a value's type and never the value, which may be somebody's.
func described(value any) string {
	if value == nil {
		return "null"
	}
	return fmt.Sprintf("a value of type %T", value)
}

// bigEndian64 reads eight bytes as PostgreSQL's binary format has them.
func bigEndian64(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }
