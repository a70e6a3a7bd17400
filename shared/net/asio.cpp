// The one place where Asio and Beast are compiled; all else sees declarations only.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
