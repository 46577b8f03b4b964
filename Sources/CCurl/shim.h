#ifndef PAYOPS_CCURL_SHIM_H
#define PAYOPS_CCURL_SHIM_H

#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo take a variable list; here is one function per type. */

static inline CURLcode payops_curl_set_long(CURL *handle, CURLoption option, long value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode payops_curl_set_text(CURL *handle, CURLoption option, const char *value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode payops_curl_set_size(CURL *handle, CURLoption option, curl_off_t value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode payops_curl_set_list(
    CURL *handle, CURLoption option, struct curl_slist *value)
{
    return curl_easy_setopt(handle, option, value);
}

/* Data for callbacks, or bytes of a body. */
static inline CURLcode payops_curl_set_pointer(CURL *handle, CURLoption option, const void *value)
{
    return curl_easy_setopt(handle, option, value);
}

/* Of bodies, headers, and of what is read to be sent: all three have this shape. */
static inline CURLcode payops_curl_set_data_callback(
    CURL *handle, CURLoption option, size_t (*value)(char *, size_t, size_t, void *))
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode payops_curl_set_progress_callback(CURL *handle, curl_xferinfo_callback value)
{
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode payops_curl_set_socket_callback(
    CURL *handle, curl_opensocket_callback value)
{
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode payops_curl_get_long(CURL *handle, CURLINFO info, long *value)
{
    return curl_easy_getinfo(handle, info, value);
}

#endif
