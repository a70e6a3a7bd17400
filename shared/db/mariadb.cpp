#include "shared/db/mariadb.hpp"

#include "shared/exec/library.hpp"

namespace preau::db {
namespace {

Mariadb load() {
    // The functions of libmariadb are found through the back end, which is linked with it.
    const exec::Library library("libsoci_mysql.so.4.0");
    Mariadb mariadb;
    library.find("factory_mysql", mariadb.factory);
    library.find("mysql_errno", mariadb.last_error);
    library.find("mariadb_get_infov", mariadb.get_infov);
    return mariadb;
}

}  // namespace

const Mariadb& Mariadb::loaded() {
    static const Mariadb instance = load();
    return instance;
}

}  // namespace preau::db
