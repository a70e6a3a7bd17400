# Reads "file:line:#include …" and prints what goes in the wrong direction.
BEGIN {
  # shared library -> what it may include besides itself and the standard library
  may["base"] = ""
  may["time"] = "base"
  may["rules"] = "base time"
  may["text"] = "base"
  may["json"] = "base"
  may["observe"] = "base"
  may["exec"] = "base observe"
  may["security"] = "base json"
  may["net"] = "base exec json observe"
  may["db"] = "base exec observe"
  may["events"] = "base exec json observe db net"
  may["words"] = "base text time"
  may["wire"] = "base time rules json net"
  may["host"] = "base exec json observe net db events security"
  # room of a service -> shared libraries; rooms of the same service are checked below
  room["domain"] = "base text time rules"
  room["store"] = "base text time rules json wire db events"
  room["http"] = "base text time rules json wire net db host security observe"
  room["jobs"] = "base text time rules json wire db events exec host observe net security words"
  room["channel"] = "base text time words json net observe"
  room["exports"] = "base text time"
  room["index"] = "base text time rules wire"
  rooms_below["index"] = "index"
  rooms_below["domain"] = "domain"
  rooms_below["exports"] = "domain exports"
  rooms_below["store"] = "domain store"
  rooms_below["channel"] = "domain channel"
  rooms_below["http"] = "domain index channel exports http"
  rooms_below["jobs"] = "domain index store channel jobs"
  # libraries of others that only one folder may see
  only["boost/beast"] = "shared/net"
  only["boost/asio"] = "shared/net"
  only["soci/sqlite3"] = "shared/db"
  only["soci/mysql"] = "shared/db"
  only["date/"] = "shared/time"
  only["toml++"] = "shared/host"
  only["curl/"] = "shared/net"
  only["kainjow/"] = "shared/words"
  only["pugixml"] = "services/payment/reconciliation"
}
function has(list, word) { return index(" " list " ", " " word " ") > 0 }
function complain(why) { print $1 ":" $2 ": " why; bad = 1 }
{
  file = $1
  match($0, /[<"][^>"]+[>"]/)
  target = substr($0, RSTART + 1, RLENGTH - 2)
  split(file, from, "/")
  split(target, to, "/")
  for (library in only) {
    if (index(target, library) != 1) continue
    allowed = 0
    folders = split(only[library], folder, " ")
    for (i = 1; i <= folders; i++) if (index(file, folder[i] "/") == 1) allowed = 1
    if (!allowed) complain("only " only[library] " may include <" target ">")
  }
  if (from[1] == "shared") {
    if (to[1] == "services") complain("shared/ may not include services/")
    if (to[1] == "shared" && to[2] != from[2] && !has(may[from[2]], to[2]))
      complain("shared/" from[2] " may not include shared/" to[2])
  }
  if (from[1] == "services") {
    if (to[1] == "services" && to[2] != from[2])
      complain("services may not include one another (" target ")")
    if (from[3] in room) {
      if (to[1] == "shared" && !has(room[from[3]], to[2]))
        complain(from[3] "/ may not include shared/" to[2])
      if (to[1] == "services" && to[2] == from[2] && (to[3] in room) && !has(rooms_below[from[3]], to[3]))
        complain(from[3] "/ may not include " to[3] "/")
    }
  }
}
END { exit bad }
