/* render_see.h - the first pass: which geom stands in the middle of each pixel, and which
 * pixels lie at an edge. */
#ifndef ACCORD_VISUAL_RENDER_SEE_H
#define ACCORD_VISUAL_RENDER_SEE_H

#include "render_hit.h"

/* W pixels of a tile. */
struct packet {
    int column, row; /* of the tile */
    int tile;        /* in the ring */
    int first;       /* lane of the tile */
    vf x, y;         /* slopes of the rays */
};

static const float lane_x[RENDER_LANES] = {0, 1, 2, 3, 0, 1, 2, 3,
                                           0, 1, 2, 3, 0, 1, 2, 3};
static const float lane_y[RENDER_LANES] = {0, 0, 0, 0, 1, 1, 1, 1,
                                           2, 2, 2, 2, 3, 3, 3, 3};

VFN int ring_tile(const struct render_frame *f, int column, int row) {
    return row % RENDER_RING * f->tiles_wide + column;
}

VFN struct packet packet_at(const struct render_frame *f, int column, int row,
                            int first) {
    float left = (float)(RENDER_TILE * column) + 0.5f - 0.5f * (float)f->width;
    float top = 0.5f * (float)f->height - 0.5f - (float)(RENDER_TILE * row);

    return (struct packet){
        .column = column,
        .row = row,
        .tile = ring_tile(f, column, row),
        .first = first,
        .x = (vset(left) + vload(lane_x + first)) * vset(f->step),
        .y = (vset(top) - vload(lane_y + first)) * vset(f->step),
    };
}

/* The geoms of a tile, ascending; returns how many. */
VFN int list_geoms(const struct render_frame *f, const struct render_bins *bins,
                   int column, int row, int *list) {
    int n = 0;

    for (int w = 0; w < f->words; w++) {
        uint64_t bits =
            bins->row[row * f->words + w] & bins->column[column * f->words + w];
        for (; bits; bits &= bits - 1)
            list[n++] = 64 * w + __builtin_ctzll(bits);
    }
    return n;
}

VFN uint64_t *visible_in(const struct render_frame *f, int column, int row) {
    return f->visible + ((row + 1) * (f->tiles_wide + 2) + column + 1) * f->words;
}

static void see_packet(struct render_frame *f, struct packet p, const int *list, int n) {
    vf depth = vset(RENDER_FAR), near = vset(f->near);
    vi hit = viset(RENDER_SKY);
    uint64_t *visible = visible_in(f, p.column, p.row);

    for (int i = 0; i < n; i++) {
        vf t = hit_geom(&f->geom[list[i]], p.x, p.y);
        vm m = vand(vlt(t, depth), vlt(near, t));
        if (vany(m)) {
            depth = vselect(m, t, depth);
            hit = viselect(m, viset(list[i]), hit);
            visible[list[i] / 64] |= (uint64_t)1 << (list[i] % 64);
        }
    }
    vstore(f->depth + RENDER_LANES * p.tile + p.first, depth);
    vistore(f->hit + RENDER_LANES * p.tile + p.first, hit);
}

/* Copies the hits of a tile into the plane of ids. */
VFN void spread_ids(struct render_frame *f, int column, int row, int tile) {
    typedef int32_t four __attribute__((vector_size(16)));
    typedef int16_t four_short __attribute__((vector_size(8)));
    int16_t *to = f->id + (RENDER_TILE * row + 1) * f->stride + RENDER_TILE * column + 1;

    for (int y = 0; y < RENDER_TILE; y++, to += f->stride) {
        four wide;
        memcpy(&wide, f->hit + RENDER_LANES * tile + RENDER_TILE * y, sizeof wide);
        four_short narrow = __builtin_convertvector(wide, four_short);
        memcpy(to, &narrow, sizeof narrow);
    }
}

static void see_tile(struct render_frame *f, int column, int row) {
    int *list = f->candidate[0];
    int n = list_geoms(f, &f->solid, column, row, list);

    memset(visible_in(f, column, row), 0, (size_t)f->words * sizeof(uint64_t));
    for (int first = 0; first < RENDER_LANES; first += W)
        see_packet(f, packet_at(f, column, row, first), list, n);
    spread_ids(f, column, row, ring_tile(f, column, row));
}

/* Beyond the border stands what stands at it. */
static void fill_border(struct render_frame *f, int row) {
    int wide = RENDER_TILE * f->tiles_wide, first = RENDER_TILE * row + 1;
    size_t size = (size_t)f->stride * sizeof *f->id;

    for (int y = first; y < first + RENDER_TILE; y++) {
        int16_t *line = f->id + y * f->stride;
        line[0] = line[1];
        line[wide + 1] = line[wide];
    }
    if (row == 0)
        memcpy(f->id, f->id + f->stride, size);
    int last = first + RENDER_TILE - 1;
    if (row == f->tiles_high - 1)
        memcpy(f->id + (last + 1) * f->stride, f->id + last * f->stride, size);
}

/* The edges of a row of tiles; the rows around it have been seen. */
static void find_edges(struct render_frame *f, int row) {
    typedef int16_t eight __attribute__((vector_size(16)));
    int wide = RENDER_TILE * f->tiles_wide;

    for (int y = 0; y < RENDER_TILE; y++)
        for (int x = 0; x < wide; x += 8) {
            const int16_t *at = f->id + (RENDER_TILE * row + y + 1) * f->stride + x + 1;
            eight c, l, r, u, d;
            memcpy(&c, at, sizeof c);
            memcpy(&l, at - 1, sizeof c);
            memcpy(&r, at + 1, sizeof c);
            memcpy(&u, at - f->stride, sizeof c);
            memcpy(&d, at + f->stride, sizeof c);
            eight e = (eight)((c != l) | (c != r) | (c != u) | (c != d));
            memcpy(f->edge + y * f->stride + x, &e, sizeof e);
        }
}

static void see_row(struct render_frame *f, int row) {
    for (int column = 0; column < f->tiles_wide; column++)
        see_tile(f, column, row);
    fill_border(f, row);
}

#endif
