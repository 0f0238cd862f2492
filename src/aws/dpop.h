#ifndef CREDCTL_AWS_DPOP_H
#define CREDCTL_AWS_DPOP_H

#include "credctl/world/world.h"

/*
 * A proof of possession (RFC 9449): a JWS with ES256 by a P-256 key in SEC1 PEM, for a POST to
 * `url`. Fails with CC_E_LOGIN when the key is not of that kind.
 */
CC_MUST_USE bool cc_dpop_proof(struct cc_run *run, struct cc_secret key, const char *url,
                               struct cc_secret *proof, struct cc_error *err);

#endif
