#ifndef PAYOPS_CMICROHTTPD_SHIM_H
#define PAYOPS_CMICROHTTPD_SHIM_H

#include <microhttpd.h>

/* MHD_start_daemon takes a variable list; here are the options of one kind of server: a thread per
   connection, on a socket that listens already, with the address and headers left as they came. */

static inline size_t payops_mhd_keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void) cls;
    (void) connection;
    size_t length = 0;
    while (text[length] != 0) length++;
    return length;
}

struct payops_mhd_settings
{
    void *context;
    MHD_AccessHandlerCallback handle;
    void *(*begin)(void *context, const char *uri, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback complete;
    MHD_NotifyConnectionCallback notice;
    int listening;
    unsigned int connections;
    unsigned int connections_per_address;
    unsigned int idle_seconds;
    size_t connection_memory;
    size_t stack_size;
};

static inline struct MHD_Daemon *payops_mhd_start(const struct payops_mhd_settings *s)
{
    return MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC,
        0, NULL, NULL, s->handle, s->context,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket) s->listening,
        MHD_OPTION_CONNECTION_LIMIT, s->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory,
        MHD_OPTION_THREAD_STACK_SIZE, s->stack_size,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, payops_mhd_keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, s->begin, s->context,
        MHD_OPTION_NOTIFY_COMPLETED, s->complete, s->context,
        MHD_OPTION_NOTIFY_CONNECTION, s->notice, s->context,
        MHD_OPTION_END);
}

/* Results of a content reader: macros of casts, which Swift does not import. */
static inline ssize_t payops_mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline ssize_t payops_mhd_end_with_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
static inline uint64_t payops_mhd_size_unknown(void) { return MHD_SIZE_UNKNOWN; }

/* Bytes of the head as it came, 0 when unknown. */
static inline size_t payops_mhd_head_size(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return NULL == info ? 0 : info->header_size;
}

static inline int payops_mhd_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return NULL == info ? -1 : info->connect_fd;
}

/* What the notice of a new connection kept for it. */
static inline void *payops_mhd_socket_context(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return NULL == info ? NULL : info->socket_context;
}

#endif
