package registry

type segmentStore struct{}

func newSegmentStore(string) *segmentStore { return &segmentStore{} }
