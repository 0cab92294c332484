#include "rest/order.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

TEST(Order, TakesDirectionsAndNulls) {
  const auto order = parse_order("a,b.desc,c.asc.nullsfirst,d.nullslast", Settings{});
  ASSERT_TRUE(order.ok());
  EXPECT_EQ((*order)[0], (Ordering{"", {"a", {}}}));
  EXPECT_EQ((*order)[1], (Ordering{"", {"b", {}}, query::Direction::descending}));
  EXPECT_EQ((*order)[2], (Ordering{"", {"c", {}}, query::Direction::ascending, query::Nulls::first}));
  EXPECT_EQ((*order)[3], (Ordering{"", {"d", {}}, query::Direction::ascending, query::Nulls::last}));
}

TEST(Order, TakesJsonPathsAndEmbeds) {
  const auto order = parse_order("data->a->>b.desc,clients(name).desc.nullslast", Settings{});
  ASSERT_TRUE(order.ok());
  EXPECT_EQ((*order)[0].field.path.size(), 2U);
  EXPECT_EQ((*order)[0].direction, query::Direction::descending);
  EXPECT_EQ((*order)[1].embed, "clients");
  EXPECT_EQ((*order)[1].field.name, "name");
  EXPECT_EQ((*order)[1].nulls, query::Nulls::last);
}

TEST(Order, SaysWhereAMistakeIs) {
  const auto order = parse_order("id.asc.nullslasttt", Settings{});
  ASSERT_FALSE(order.ok());
  EXPECT_EQ(order.error().message, "\"failed to parse order (id.asc.nullslasttt)\" (line 1, column 17)");
  for (const auto* text : {"", ",", "id,", "id.", "id.up", "id.asc.", "id.asc.nulls", "a(b", "a()", "a->"}) {
    EXPECT_EQ(parse_order(text, Settings{}).error().code, "PGRST100") << text;
  }
}

TEST(Order, RefusesTooManyTerms) {
  Settings settings;
  settings.order_terms = 1;
  EXPECT_FALSE(parse_order("a,b", settings).ok());
}

}  // namespace
}  // namespace ballast::rest
