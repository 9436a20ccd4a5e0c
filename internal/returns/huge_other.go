//go:build !linux

package returns

func inHugePages[T any]([]T) {}
