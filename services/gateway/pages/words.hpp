#pragma once
// The words of the house (sentences, dates, amounts, templates) under the short names that the
// pages use.

#include "shared/words/catalogue.hpp"
#include "shared/words/format.hpp"
#include "shared/words/renderer.hpp"

namespace preau::gateway {

using words::Catalogue;
using words::Fill;
using words::fill_pattern;
using words::Format;
using words::Language;
using words::parse_moment;
using words::Renderer;

}  // namespace preau::gateway
