/* render_parts.h - what the files of the renderer share.
 *
 * Everything is in camera axes: x right, y up, z forward, the eye at 0.  The ray through
 * pixel (i, j) has the direction (x, y, 1), x and y affine in i and j, so that the
 * parameter t of a point on it is its depth, and in any geom's own frame the ray is
 * o + t (x a + y b + c).  The picture is cut into tiles of 4 x 4 pixels. */
#ifndef ACCORD_VISUAL_RENDER_PARTS_H
#define ACCORD_VISUAL_RENDER_PARTS_H

#include "render.h"

enum {
    RENDER_TILE = 4,
    RENDER_LANES = RENDER_TILE * RENDER_TILE,
    RENDER_SAMPLES = 4,
    RENDER_RING = 4,
    RENDER_SKIES = 4,
};

#define RENDER_FAR 1e30f /* a miss */

enum {
    SHAPE_PLANE,
    SHAPE_SPHERE,
    SHAPE_CAPSULE,
    SHAPE_ELLIPSOID,
    SHAPE_CYLINDER,
    SHAPE_BOX
};

/* A light in some frame. */
struct render_spot {
    float pos[3]; /* where it is; directional: the unit vector towards it */
    float dir[3]; /* where it shines */
};

struct render_light {
    struct render_spot in_eye;
    float ambient[3], diffuse[3], specular[3];
    float attenuation[3];
    float cutoff; /* cosine; below -1 where there is none */
    int exponent;
    bool directional, spot, fades, shadows;
};

/* How mjr cuts one axis of a plane into quads: lines at -half, at -half + pad + step k
 * for k = 0 to n, and at half. */
struct render_axis {
    float half, pad, step, per; /* per = 1 / step */
    int n;
};

struct render_plane {
    struct render_axis axis[2];
    float scale[2];  /* texture periods per metre */
    float rgb[2][3]; /* of the checker */
    bool checker;
    bool grey;     /* red, green and blue get the same light */
    unsigned lit;  /* a bit for each 16 columns of corners whose light is there */
    size_t corner; /* where it begins in frame.corner: [pass][channel][line][row_size] */
    size_t row_size; /* corners of a line, padded */
};

struct render_geom {
    int shape;
    int exponent; /* of the highlight */
    float o[3], a[3], b[3], c[3];
    float size[3], inverse[3];
    float rgb[3];
    float emission, specular, reflectance;
    float alpha;
    bool transparent, floor;
    struct render_spot light[mjMAXLIGHT];
    struct render_plane plane;
    float frame[9], at[3]; /* axes as columns, and centre */
};

/* Geoms by the tiles they may be seen in: one bit per geom, row and column. */
struct render_bins {
    uint64_t *row, *column; /* [tiles_high][words], [tiles_wide][words] */
};

/* What light is added up at once. */
enum { LIGHT_PASSES, LIGHT_MIRROR, LIGHT_TRANSPARENT };

/* The sky of one camera, in tiles of RENDER_LANES pixels. */
struct render_sky {
    float forward[3], up[3], step;
    uint64_t used;
    bool filled;
    uint8_t *bytes;       /* [tiles][3][lanes]: the model's colours */
    float *height, *star; /* [tiles][lanes]: weight of rgb1 and of the stars */
};

struct render_texture {
    int width; /* of a face */
    int n_levels;
    uint8_t *level[16]; /* [6][width >> i][width >> i][3]; level[0] is the model's */
    float zenith[3], nadir[3];
    bool six; /* six faces, else one for all */
};

struct render_kernels;

/* A picture on its way. */
struct render_frame {
    int width, height, tiles_wide, tiles_high, words;
    float step; /* of x and y from pixel to pixel */
    float near;
    int n_geoms, n_lights, n_shadows;
    int n_transparent;
    int mirror;                       /* the geom that reflects, or -1 */
    int floor;                        /* or -1 */
    bool mask_sky, mask_floor;        /* a background is wanted there */
    struct render_geom *geom, *image; /* image: as seen in the mirror */
    int *behind;                      /* transparent ones, near to far */
    struct render_light light[mjMAXLIGHT];
    struct render_bins solid, images, glass, shadow[mjMAXLIGHT];
    uint64_t *thin;    /* [words] */
    uint64_t *visible; /* [tiles_high + 2][tiles_wide + 2][words] */
    /* Of the RENDER_RING rows of tiles being worked on: [ring][tiles_wide][lanes]. */
    float *depth;
    int32_t *hit;
    int16_t *id;   /* [4 tiles_high + 2][stride], a border on all sides */
    int16_t *edge; /* [4][stride] of one row of tiles: -1 where a neighbour differs */
    int stride;
    int *candidate[2]; /* [geoms]: scratch */
    float *corner;     /* light at the corners of the planes' quads */
    size_t n_corner;
    const uint8_t *sky;        /* [tiles][3][lanes] */
    const uint8_t *background; /* [height][width][3] */
    uint8_t *out[3];           /* [4 tiles_high][out_stride] */
    int out_stride;
};

/* The loops at one level. */
struct render_kernels {
    void (*draw)(struct render_frame *f); /* id, out */
    /* out: [n_tiles][3][lanes], a sky whose gradient ends in rgb1 */
    void (*paint)(const struct render_sky *s, int n_tiles, const float rgb1[3],
                  const float nadir[3], uint8_t *out);
};

extern const struct render_kernels render_sse2;
#ifdef __x86_64__
extern const struct render_kernels render_avx2, render_avx512;
#endif

struct render {
    const accord_host *host;
    int max_geoms;
    mjvScene scene;
    mjvOption option;
    struct render_frame frame;
    struct render_texture texture;
    struct render_sky sky[RENDER_SKIES];
    uint8_t *recoloured; /* [tiles][3][lanes] */
    uint8_t *padded;     /* [3][4 tiles_high][4 tiles_wide] */
    const struct render_kernels *kernels;
    uint64_t clock;
};

/* Fills the scene and takes from it what is drawn.  render_scene.c */
accord_code render_scene_take(struct render *r, const mjModel *m, mjData *d, int camera,
                              const render_look *look, accord_err *err);
/* What a model has that cannot be drawn. */
accord_code render_scene_check(const accord_host *host, const mjModel *m,
                               accord_err *err);

/* Enters geoms into the bins.  render_bins.c */
void render_bins_fill(struct render_frame *f);

/* The model's sky texture; the sky that the look wants, into frame.sky.  render_sky.c */
accord_code render_sky_open(struct render *r, const mjModel *m, accord_err *err);
accord_code render_sky_set(struct render *r, const render_look *look, accord_err *err);
void render_sky_close(struct render *r);

/* The published colour key.  render_key.c */
void render_key_apply(const struct render_frame *f, unsigned char *planar);

extern const float
    render_key_green[6]; /* the checker's two colours; the sky is the first */

#endif
