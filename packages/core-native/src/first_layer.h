// The ops around a gather: where most values of the samples are 0, what is listed once is the
// others.
#pragma once

#include "gather.h"
#include "gathered.h"
#include "product.h"
#include "sample_table.h"
#include "sparse.h"

namespace bitgrad {
namespace {

// What one member needs for its own use.
struct FirstLayerScratch {
  // A moved image, or null where images stay where they are.
  uint8_t* image;
  // The image inside a border of zeros, for affine maps; or null.
  uint8_t* bordered;
  SparseScratch sparse;
};

// What a gather and its readers share.
struct FirstLayer {
  Preprocess preprocess;
  // Whether the readers want the lists.
  bool isListed;
  // Null where samples may still change.
  const SampleTable* table;
  const float* prepared;  // [256], each byte as a value; null where samples are no bytes
  SparseBatch batch;
  FirstLayerScratch* scratch;  // [members]

  SparseBatch batchOf(size_t member) const {
    SparseBatch own = batch;
    own.scratch = scratch[member].sparse;
    return own;
  }
};

// What a product that reads a gather's samples has for its own.
struct FirstProduct {
  FirstLayer* layer;
  WeightPanels* panels;  // [members], those of the weights that it reads or updates; or null
};

// The products that read a gather's samples: the layer itself, its gradient (with the update that
// follows it, if any) and that gradient in shards.
Status runFirstForward(const Op& op, const Place& place);
void finishFirstForward(const Op& op, const Place& place);
Status runFirstGradient(const Op& op, const Place& place);
Status runFirstShardedGradient(const Op& op, const Place& place);

// See `Kernels`.
bool countSamples(const unsigned char* plan, size_t bytes, TableProgress& progress);
bool listSamples(const unsigned char* plan, size_t bytes, unsigned char* memory,
                 TableProgress& progress);
bool useSampleTable(const unsigned char* plan, const unsigned char* memory);

// Gives each gather its own memory and, where the entry allows it, sparse products to the gemms
// that read its samples.
void bindFirstLayers(const Entry& entry, Op* ops, size_t members, Allocator& allocator);

}  // namespace
}  // namespace bitgrad
