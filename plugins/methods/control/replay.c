/* replay.c - see replay.h.
 *
 * The file is a header, one array for each thing that is known of a transition, and the
 * frames, last because they alone may need more room than was reserved.  Transition i
 * leads from frame[i] to the frame behind it; first[i] is where its episode begins. */
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <accord/rng.h>

#include "sac.h"

enum {
    PAGE = 4096,
    EPISODE_STEPS = 64, /* room for a first frame is reserved once in so many steps */
};

static const char magic[16] = "accord.replay/1";

typedef struct replay_header {
    char magic[16];
    uint64_t capacity;
    uint64_t size; /* transitions that were written */
    uint32_t pixels, n_actions;
} replay_header;

struct control_replay {
    const accord_host *host;
    int fd;              /* -1: in memory */
    int untouched;       /* 1: what a file held before is still there */
    uint64_t size;       /* transitions */
    uint64_t n_frames;   /* frames */
    uint64_t max_frames; /* frames for which there is room */
    uint64_t first;      /* of the episode that is going on */
    int begun;           /* 1: an episode is going on */
    uint32_t ahead;      /* steps of a transition that is drawn */
    double discount;     /* of rewards, where these are several */
    size_t frame_bytes, frames_at, n_bytes;
    uint8_t *map;        /* [n_bytes] */
    replay_header *head; /* these lie in the map */
    uint32_t *frame, *first_of;
    float *reward, *not_done, *action;
    uint8_t *frames;
    replay_header shape; /* what the header says of a new file */
    const char *found;   /* why nothing can be restored, or NULL */
    char path[PATH_MAX];
};

/* The arrays' places, of which any part may have moved with the map. */
static void place(control_replay *r) {
    size_t n = r->shape.capacity;

    r->head = (replay_header *)(void *)r->map;
    r->frame = (uint32_t *)(void *)(r->map + PAGE);
    r->first_of = r->frame + n;
    r->reward = (float *)(void *)(r->first_of + n);
    r->not_done = r->reward + n;
    r->action = r->not_done + n;
    r->frames = r->map + r->frames_at;
}

static size_t bytes_for(const control_replay *r, uint64_t n_frames) {
    return r->frames_at + n_frames * r->frame_bytes;
}

static accord_code io_failed(const control_replay *r, int code, const char *what,
                             accord_err *err) {
    return r->host->fail(r->host, err, ACCORD_E_IO, "%s %s (%.2f GB): %s", what, r->path,
                         (double)r->n_bytes * 1e-9, strerror(code));
}

/* The room is taken from the disk now: a mapped file that meets a full disk later gets a
 * signal in place of an error. */
static accord_code reserve(control_replay *r, accord_err *err) {
    int code = posix_fallocate(r->fd, 0, (off_t)r->n_bytes);

    return code ? io_failed(r, code, "cannot reserve the replay buffer", err) : ACCORD_OK;
}

static accord_code map_all(control_replay *r, accord_err *err) {
    int flags = r->fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    void *map = mmap(NULL, r->n_bytes, PROT_READ | PROT_WRITE, flags, r->fd, 0);

    if (map == MAP_FAILED)
        return r->host->fail(r->host, err, ACCORD_E_NOMEM,
                             "no memory for a replay buffer of %.2f GB: %s",
                             (double)r->n_bytes * 1e-9, strerror(errno));
    r->map = map;
    place(r);
    return ACCORD_OK;
}

static accord_code grow(control_replay *r, accord_err *err) {
    uint64_t n = r->max_frames + r->max_frames / 8 + EPISODE_STEPS;
    size_t before = r->n_bytes;

    r->n_bytes = bytes_for(r, n);
    accord_code rc = r->fd < 0 ? ACCORD_OK : reserve(r, err);
    void *map = rc ? MAP_FAILED : mremap(r->map, before, r->n_bytes, MREMAP_MAYMOVE);
    if (map == MAP_FAILED) {
        if (!rc)
            rc = io_failed(r, errno, "cannot enlarge the replay buffer", err);
        r->n_bytes = before;
        return rc;
    }
    r->map = map;
    r->max_frames = n;
    place(r);
    return ACCORD_OK;
}

/* What a file that is there says against being taken up again, or NULL. */
static const char *objection(const control_replay *r, off_t n_bytes) {
    replay_header h;

    if (n_bytes == 0)
        return "is empty";
    if (pread(r->fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
        memcmp(h.magic, magic, sizeof(magic)) != 0)
        return "is no replay buffer";
    if (h.capacity != r->shape.capacity || h.pixels != r->shape.pixels ||
        h.n_actions != r->shape.n_actions)
        return "was made for another task or another number of steps";
    return (size_t)n_bytes < r->n_bytes ? "was cut short" : NULL;
}

static accord_code open_file(control_replay *r, const char *folder, accord_err *err) {
    struct stat s;

    if (snprintf(r->path, sizeof(r->path), "%s/replay", folder) >= (int)sizeof(r->path))
        return r->host->fail(r->host, err, ACCORD_E_CONFIG, "the path %s is too long",
                             folder);
    r->fd = open(r->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (r->fd < 0 || fstat(r->fd, &s))
        return io_failed(r, errno, "cannot open the replay buffer", err);
    r->found = objection(r, s.st_size);
    if (r->found && ftruncate(r->fd, 0))
        return io_failed(r, errno, "cannot empty the replay buffer", err);
    if (!r->found) {
        r->untouched = 1;
        r->max_frames = ((size_t)s.st_size - r->frames_at) / r->frame_bytes;
        r->n_bytes = bytes_for(r, r->max_frames);
    }
    return reserve(r, err);
}

static void measure(control_replay *r) {
    uint64_t n = r->shape.capacity;
    size_t index = PAGE + n * (4 + r->shape.n_actions) * sizeof(float);

    r->frame_bytes = (size_t)3 * r->shape.pixels * r->shape.pixels;
    r->frames_at = (index + PAGE - 1) / PAGE * PAGE;
    r->max_frames = n + n / EPISODE_STEPS + 1;
    r->n_bytes = bytes_for(r, r->max_frames);
}

accord_code control_replay_create(const accord_host *host, const char *folder,
                                  uint64_t capacity, uint32_t pixels, uint32_t n_actions,
                                  control_replay **out, accord_err *err) {
    *out = NULL;
    if (capacity == 0 || capacity > INT32_MAX)
        return host->fail(host, err, ACCORD_E_ARG,
                          "a replay buffer of %llu transitions cannot be made",
                          (unsigned long long)capacity);
    control_replay *r = calloc(1, sizeof(*r));
    if (!r)
        return host->fail(host, err, ACCORD_E_NOMEM, "out of memory");
    r->host = host;
    r->fd = -1;
    r->ahead = 1;
    r->shape =
        (replay_header){.capacity = capacity, .pixels = pixels, .n_actions = n_actions};
    memcpy(r->shape.magic, magic, sizeof(magic));
    r->found = "is not there";
    measure(r);
    accord_code rc = folder ? open_file(r, folder, err) : ACCORD_OK;
    if (!rc)
        rc = map_all(r, err);
    if (rc) {
        control_replay_destroy(r);
        return rc;
    }
    if (!r->untouched)
        *r->head = r->shape;
    *out = r;
    return ACCORD_OK;
}

void control_replay_destroy(control_replay *r) {
    if (!r)
        return;
    if (r->map)
        munmap(r->map, r->n_bytes);
    if (r->fd >= 0)
        close(r->fd);
    free(r);
}

size_t control_replay_bytes(const control_replay *r) {
    return r->n_bytes;
}

uint64_t control_replay_size(const control_replay *r) {
    return r->size;
}

/* Writes a frame behind the last one.  The first write makes an old file a new one. */
static accord_code append(control_replay *r, const uint8_t *frame, accord_err *err) {
    accord_code rc = r->n_frames < r->max_frames ? ACCORD_OK : grow(r, err);

    if (rc)
        return rc;
    r->untouched = 0;
    r->head->size = r->size;
    memcpy(r->frames + r->n_frames * r->frame_bytes, frame, r->frame_bytes);
    r->n_frames++;
    return ACCORD_OK;
}

static accord_code check_room(const control_replay *r, accord_err *err) {
    if (r->size < r->shape.capacity)
        return ACCORD_OK;
    return r->host->fail(r->host, err, ACCORD_E_LIMIT,
                         "the replay buffer is full after %llu transitions, the steps of "
                         "training that the suite gives",
                         (unsigned long long)r->size);
}

accord_code control_replay_begin(control_replay *r, const uint8_t *frame,
                                 accord_err *err) {
    accord_code rc = check_room(r, err);

    if (!rc)
        rc = append(r, frame, err);
    if (rc)
        return rc;
    r->first = r->n_frames - 1;
    r->begun = 1;
    return ACCORD_OK;
}

accord_code control_replay_add(control_replay *r, const float *action, float reward,
                               int32_t terminated, const uint8_t *next_frame,
                               accord_err *err) {
    uint64_t i = r->size;
    accord_code rc = check_room(r, err);

    if (!rc && !r->begun)
        rc = r->host->fail(r->host, err, ACCORD_E_ARG,
                           "a transition came before its episode's first frame");
    if (!rc)
        rc = append(r, next_frame, err);
    if (rc)
        return rc;
    r->frame[i] = (uint32_t)(r->n_frames - 2);
    r->first_of[i] = (uint32_t)r->first;
    r->reward[i] = reward;
    r->not_done[i] = terminated ? 0.0f : 1.0f;
    memcpy(r->action + i * r->shape.n_actions, action,
           r->shape.n_actions * sizeof(*action));
    r->size++;
    r->head->size = r->size;
    return ACCORD_OK;
}

/* The stack [3 CONTROL_FRAMES][pixels][pixels] that ends in frame `last`. */
static void stack(const control_replay *r, uint64_t first, uint64_t last, uint8_t *out) {
    for (uint64_t k = 0; k < CONTROL_FRAMES; k++) {
        uint64_t back = CONTROL_FRAMES - 1 - k;
        uint64_t from = last >= first + back ? last - back : first;
        memcpy(out + k * r->frame_bytes, r->frames + from * r->frame_bytes,
               r->frame_bytes);
    }
}

void control_replay_look_ahead(control_replay *r, uint32_t steps, double discount) {
    r->ahead = steps;
    r->discount = discount;
}

/* What comes of transition i: the transition that it ends with. */
static uint64_t look_ahead(const control_replay *r, uint64_t i, float *reward,
                           float *not_done) {
    double scale = 1, sum = (double)r->reward[i];
    uint64_t last = i;

    while (last + 1 - i < r->ahead && last + 1 < r->size && r->not_done[last] > 0 &&
           r->first_of[last + 1] == r->first_of[i]) {
        scale *= r->discount;
        sum += scale * (double)r->reward[++last];
    }
    *reward = (float)sum;
    *not_done = (float)(scale * (double)r->not_done[last]);
    return last;
}

void control_replay_sample(const control_replay *r, uint32_t n, uint64_t *rng,
                           uint8_t *obs, uint8_t *next_obs, float *action, float *reward,
                           float *not_done) {
    size_t size = CONTROL_FRAMES * r->frame_bytes, n_actions = r->shape.n_actions;

    for (uint32_t k = 0; k < n; k++) {
        uint64_t i = accord_rng_below(rng, r->size);
        uint64_t last = look_ahead(r, i, &reward[k], &not_done[k]);
        stack(r, r->first_of[i], r->frame[i], obs + k * size);
        stack(r, r->first_of[i], r->frame[last] + UINT64_C(1), next_obs + k * size);
        memcpy(action + k * n_actions, r->action + i * n_actions,
               n_actions * sizeof(*action));
    }
}

accord_code control_replay_flush(control_replay *r, accord_err *err) {
    if (r->fd < 0 || r->untouched)
        return ACCORD_OK;
    r->head->size = r->size;
    /* What lies behind the last frame was not written. */
    if (msync(r->map, bytes_for(r, r->n_frames), MS_SYNC))
        return io_failed(r, errno, "cannot flush the replay buffer", err);
    return ACCORD_OK;
}

/* Whether the first `size` transitions lie in frames that are there. */
static int sound(const control_replay *r, uint64_t size) {
    for (uint64_t i = 0; i < size; i++)
        if (r->first_of[i] > r->frame[i] || r->frame[i] + UINT64_C(2) > r->max_frames ||
            (i > 0 && r->frame[i] <= r->frame[i - 1]))
            return 0;
    return 1;
}

accord_code control_replay_restore(control_replay *r, uint64_t size, accord_err *err) {
    const char *found = r->found;

    if (!found && (size > r->shape.capacity || size > r->head->size))
        found = "has fewer";
    if (!found && !sound(r, size))
        found = "is damaged";
    if (found && size > 0)
        return r->host->fail(r->host, err, ACCORD_E_CONFIG,
                             "the checkpoint needs %llu transitions, and the replay "
                             "buffer %s %s",
                             (unsigned long long)size, r->path, found);
    r->size = size;
    r->n_frames = size ? r->frame[size - 1] + UINT64_C(2) : 0;
    r->begun = 0;
    return ACCORD_OK;
}
