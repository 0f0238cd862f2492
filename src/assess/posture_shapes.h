#ifndef ASSESS_POSTURE_SHAPES_H
#define ASSESS_POSTURE_SHAPES_H

#include "credctl/base/shape.h"

extern const struct cc_shape cc_posture_counts_shape;

#endif
