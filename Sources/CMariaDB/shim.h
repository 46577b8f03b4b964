#ifndef PAYOPS_CMARIADB_SHIM_H
#define PAYOPS_CMARIADB_SHIM_H

#include <mysql.h>
#include <errmsg.h>
#include <mariadb_com.h>

/* Macros with casts or shifts that Swift does not import. */
static inline unsigned long payops_client_multi_results(void) { return CLIENT_MULTI_RESULTS; }

static inline int payops_field_is_numeric(const MYSQL_FIELD *field) {
  return IS_NUM(field->type) ? 1 : 0;
}

static inline int payops_field_is_unsigned(const MYSQL_FIELD *field) {
  return (field->flags & UNSIGNED_FLAG) ? 1 : 0;
}

static inline int payops_in_transaction(const MYSQL *mysql) {
  return (mysql->server_status & SERVER_STATUS_IN_TRANS) ? 1 : 0;
}

static inline int payops_autocommit(const MYSQL *mysql) {
  return (mysql->server_status & SERVER_STATUS_AUTOCOMMIT) ? 1 : 0;
}

static inline int payops_no_backslash_escapes(const MYSQL *mysql) {
  return (mysql->server_status & SERVER_STATUS_NO_BACKSLASH_ESCAPES) ? 1 : 0;
}

static inline int payops_ansi_quotes(const MYSQL *mysql) {
  return (mysql->server_status & SERVER_STATUS_ANSI_QUOTES) ? 1 : 0;
}

static inline int payops_restrict_authentication(MYSQL *mysql, const char *plugins) {
  return mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH, plugins);
}

#endif
