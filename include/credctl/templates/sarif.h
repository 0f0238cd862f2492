#ifndef CREDCTL_TEMPLATES_SARIF_H
#define CREDCTL_TEMPLATES_SARIF_H

/* Findings in the format that code scanning reads (SARIF 2.1.0). */

#include "credctl/base/buf.h"
#include "credctl/templates/finding.h"

void cc_template_sarif(const struct cc_template_finding *findings, size_t count,
                       struct cc_buf *out);

#endif
