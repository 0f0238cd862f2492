#ifndef TEMPLATES_VALUE_H
#define TEMPLATES_VALUE_H

/*
 * Texts with parts that are only known at deployment. A placeholder is the name of what it stands
 * for between two control characters, which no text from outside has: OPEN Parameter CLOSE.
 */

#include "lint.h"

#define CC_OPEN  '\x01'
#define CC_CLOSE '\x02'

#endif
