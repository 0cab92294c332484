#pragma once

#include <string>
#include <vector>

#include "catalog/relation.hpp"

namespace ballast::storage::sqlite {

/// Gives every constraint without a name the one that PostgreSQL would: `orders_pkey`, `users_email_key`,
/// `orders_customer_id_fkey`, `accounts_balance_check`, with a number behind when that is taken
/// (PostgreSQL's ChooseIndexName and ChooseConstraintName).
void name_constraints(catalog::Relation& relation);

}  // namespace ballast::storage::sqlite
