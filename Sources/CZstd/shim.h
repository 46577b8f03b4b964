#ifndef PAYOPS_CZSTD_SHIM_H
#define PAYOPS_CZSTD_SHIM_H

#include <zstd.h>

#endif
