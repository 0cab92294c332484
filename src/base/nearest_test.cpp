#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace ballast {
namespace {

const std::vector<std::string> names = {"users", "posts", "comments"};

TEST(Nearest, SuggestsTheNameThatWasProbablyMeant) {
  EXPECT_EQ(nearest("user", names), "users");
  EXPECT_EQ(nearest("Postz", names), "posts");
}

TEST(Nearest, CountsTwoLettersThatChangedPlacesAsOneSlip) {
  const std::vector<std::string> columns = {"name", "owner"};
  EXPECT_EQ(nearest("nmae", columns), "name");
  EXPECT_EQ(nearest("onwer", columns), "owner");
}

TEST(Nearest, SuggestsNothingWhenNothingIsClose) {
  EXPECT_EQ(nearest("invoices", names), "");
  EXPECT_EQ(nearest("", names), "");
}

TEST(Nearest, GivesUpOnNamesThatAreTooLongToCompareCheaply) { EXPECT_EQ(nearest(std::string(10'000, 'x'), names), ""); }

}  // namespace
}  // namespace ballast
