#pragma once
// French names as they are written, searched and put into addresses: folding of accents, slugs, and
// the repair of capitals in official files ("Avenue MARIE CURIE").

#include <string>
#include <string_view>

namespace preau::text {

/// Lower-case ASCII words separated by single spaces: "L'Isle-d'Abeau" gives "l isle d abeau".
std::string folded(std::string_view text);

/// folded() with hyphens: "Collège La Garenne" gives "college-la-garenne".
std::string slug(std::string_view text);

/// Without white space at either end and with single spaces inside.
std::string collapsed(std::string_view text);

/// Words that are all capitals become "Capital", small words ("DE", "L'") lower case; other words
/// stay as they are. "26 rue NICOLAS CHORIER" gives "26 rue Nicolas Chorier".
std::string without_shouting(std::string_view text);

/// Whether `text` is well-formed UTF-8 without control characters but tab and line ends.
bool is_clean_utf8(std::string_view text);

}  // namespace preau::text
