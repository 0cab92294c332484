#include "config/setting.hpp"

namespace ballast::config {
namespace {

Registry make_registry() {
  Registry r;
  bind_program(r);
  bind_database(r);
  bind_access(r);
  bind_auth(r);
  bind_http(r);
  bind_middleware(r);
  bind_rest(r);
  bind_graphql(r);
  bind_locks(r);
  bind_idempotency(r);
  bind_batch(r);
  bind_sqlite(r);
  bind_log(r);
  return r;
}

}  // namespace

const Registry& registry() {
  static const Registry instance = make_registry();
  return instance;
}

}  // namespace ballast::config
