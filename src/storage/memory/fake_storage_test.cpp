#include "storage/memory/fake_storage.hpp"

#include <gtest/gtest.h>

#include "storage/test_support.hpp"

namespace ballast::storage::testing {
namespace {

TEST(FakeStorage, YieldsItsScriptInOrder) {
  FakeStorage storage;
  storage.script.push_back({{{{sql::Cell::Kind::integer, 1, 0, {}}}}, 0, {}});
  storage.otherwise.error = make_error(400, "x", "");
  Loop loop;
  EXPECT_EQ(loop.rows(storage, "SELECT 1"), "1");
  EXPECT_EQ(loop.rows(storage, "SELECT 2"), "x");
  EXPECT_EQ(storage.statements[1].text, "SELECT 2");
}

TEST(FakeStorage, FailsAtEachOperationUntilNoneIsLeft) {
  std::size_t at = 0;
  for (bool failed = true; failed; ++at) {
    FakeStorage storage;
    storage.fail_at = at;
    Unit unit("INSERT 1");
    unit.add("INSERT 2");
    Loop loop;
    const bool ok = loop.write(storage, unit).ok();
    failed = storage.failed;
    EXPECT_EQ(ok, !failed);
    EXPECT_EQ(storage.commits, ok ? 1U : 0U);
    EXPECT_EQ(storage.rollbacks, ok ? 0U : 1U);
  }
  EXPECT_EQ(at, 4U) << "two statements and a commit, then none";
}

TEST(FakeStorage, RestartsUnitsAsALostGroupWould) {
  FakeStorage storage;
  storage.restarts = 2;
  Unit unit("INSERT 1");
  Loop loop;
  EXPECT_TRUE(loop.write(storage, unit).ok());
  EXPECT_EQ(unit.restarts, 2);
  EXPECT_EQ(unit.outcomes.size(), 1U);
  EXPECT_EQ(storage.commits, 1U);
}

}  // namespace
}  // namespace ballast::storage::testing
