#ifndef PAYOPS_CMARIADB_SHIM_H
#define PAYOPS_CMARIADB_SHIM_H

#include <mysql.h>
#include <errmsg.h>

#endif
