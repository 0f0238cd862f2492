#ifndef CREDCTL_WORLD_REAL_H
#define CREDCTL_WORLD_REAL_H

/* Shared by the files of the real world only. */

#include "credctl/base/buf.h"
#include "credctl/base/heap.h"
#include "credctl/world/server.h"
#include "credctl/world/world.h"

#include "forked.h"
#include "inherited.h"

#include <pthread.h>

#include <curl/curl.h>

#define CC_IDLE_HANDLES 16

struct real {
    struct cc_world world;
    char root[256];
    struct cc_inherited inherited;
    struct cc_forked forked;
    int private_lock; /* on our private folder; 0: there is none (stdin's place is never free) */
    int dies_of;      /* the signal that ends this process; 0: none */
    pthread_mutex_t lock;
    bool curl_ready;
    CURL *idle[CC_IDLE_HANDLES];
    size_t idle_count;
    CURLM *multis[CC_THREADS_MAX]; /* with their open connections; each thread uses one */
    size_t multi_count;
};

int64_t cc_real_now(void *self);
int64_t cc_real_ticks_ms(void *self);
void cc_real_sleep_ms(void *self, int ms);
bool cc_real_random(void *self, void *to, size_t size);

bool cc_real_read(void *self, struct cc_arena *mem, const char *path, size_t max,
                  struct cc_bytes *to, struct cc_error *err);
bool cc_real_write(void *self, const struct cc_file_text *files, size_t count,
                   struct cc_error *err);
bool cc_real_make_folders(void *self, const char *path, struct cc_error *err);
bool cc_real_append(void *self, const char *path, const char *text, size_t len,
                    struct cc_error *err);
void cc_real_facts(void *self, const char *path, struct cc_file_facts *facts);
bool cc_real_remove(void *self, const char *path, struct cc_error *err);

enum cc_lock cc_real_file_lock(void *self, const char *path, struct cc_file_lock **lock);
void cc_real_file_unlock(void *self, struct cc_file_lock *lock);
bool cc_real_may_replace(void *self, const char *path, size_t size, struct cc_error *err);
bool cc_real_replace_file(void *self, const char *path, const char *text, size_t len,
                          struct cc_error *err);
const char *cc_real_working_folder(void *self, struct cc_arena *mem);

bool cc_real_folder_open(void *self, struct cc_arena *mem, const char *path, bool make,
                         struct cc_folder **folder, struct cc_error *err);
bool cc_real_folder_read(void *self, struct cc_arena *mem, struct cc_folder *folder,
                         const char *name, struct cc_bytes *to, struct cc_error *err);
bool cc_real_folder_write(void *self, struct cc_folder *folder, const char *name,
                          struct cc_bytes bytes, struct cc_error *err);
bool cc_real_folder_remove(void *self, struct cc_folder *folder, const char *name,
                           struct cc_error *err);
void cc_real_folder_facts(void *self, struct cc_folder *folder, const char *name,
                          struct cc_file_facts *facts);
/* Names in an open folder without those that begin with a dot, in the order of the disk; closes
 * `fd`. -1: none. */
const char *const *cc_real_names(struct cc_arena *mem, int fd, bool *more);
bool cc_real_list(void *self, struct cc_arena *mem, const char *path, const char *const **names,
                  bool *more, struct cc_error *err);
const char *const *cc_real_folder_names(void *self, struct cc_arena *mem, struct cc_folder *folder,
                                        bool *more);
enum cc_lock cc_real_folder_lock(void *self, struct cc_folder *folder, uint64_t which);
void cc_real_folder_unlock(void *self, struct cc_folder *folder, uint64_t which);

/* For code that reads and writes files: complete content in and out, and facts about files. */
struct stat;
bool cc_real_put_all(int fd, const char *text, size_t len);
bool cc_real_read_all(int fd, struct cc_buf *text);
struct cc_file_facts cc_real_facts_of(const struct stat *found);

bool cc_real_private_folder(void *self, struct cc_arena *mem, const char **path,
                            struct cc_error *err);
void cc_real_drop_folder(void *self, const char *path);

extern const struct cc_machine cc_real_machine;

void cc_real_http(void *self, const struct cc_pump *pump);
void cc_real_http_close(struct real *real);
bool cc_real_resolve(void *self, struct cc_arena *mem, const char *name,
                     const char *const **addresses, struct cc_error *err);

bool cc_real_process(void *self, struct cc_arena *mem, const struct cc_process *process,
                     struct cc_process_end *end, struct cc_error *err);
bool cc_real_ask(void *self, struct cc_arena *mem, const char *prompt, struct cc_secret *answer,
                 struct cc_error *err);

/* Where certificates come from: a file, a folder of hash links, or neither. */
struct cc_ca {
    const char *file;
    const char *folder;
};
struct cc_ca cc_real_ca(const char *given);
/* Finds the subject of a certificate (DER), whose end may be missing. Pure. */
bool cc_real_subject(const unsigned char *der, size_t size, const unsigned char **subject,
                     size_t *len);
/* Callbacks for the certificates of a bundle; `der` is valid during the call. */
struct cc_certificates {
    /* Called with the first bytes, or all of it. True: skip this certificate. */
    bool (*skip)(void *about, const unsigned char *der, size_t size);
    /* `trusted`: it is followed by its trust settings (OpenSSL's "TRUSTED CERTIFICATE"). */
    void (*take)(void *about, const unsigned char *der, size_t size, bool trusted);
    void *about;
};
/* In the order of the bundle; a block that cannot be read is skipped. Pure. */
void cc_real_certificates(const char *text, size_t len, const struct cc_certificates *asked);
/* For CURLOPT_SSL_CTX_FUNCTION: trusts the certificates in the file `path`, without parsing all of
 * it; with NULL, those that libcurl was given. */
CURLcode cc_real_trust(CURL *easy, void *context, void *path);

#endif
