#ifndef PAYOPS_CZLIB_SHIM_H
#define PAYOPS_CZLIB_SHIM_H

#include <zlib.h>

// inflateInit2 is a macro, which Swift cannot import.
static inline int payops_inflateInit2(z_streamp stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}

#endif
