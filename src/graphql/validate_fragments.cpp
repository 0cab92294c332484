#include "graphql/validate_fragments.hpp"

#include <algorithm>
#include <unordered_set>

#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

/// May an object be of both types? Both are composite.
bool overlap(Validation& validation, const TypeDefinition& a, const TypeDefinition& b) {
  if (&a == &b) return true;
  if (a.kind == TypeKind::object && b.kind == TypeKind::object) return false;
  if (a.kind == TypeKind::object) { return std::ranges::find(b.possible_types, &a) != b.possible_types.end(); }
  if (b.kind == TypeKind::object) return overlap(validation, b, a);
  return std::ranges::any_of(a.possible_types, [&](const TypeDefinition* type) {
    return validation.spend(1 + b.possible_types.size() / 16) && overlap(validation, *type, b);
  });
}

void report_unknown_type(Validation& validation, std::string_view name, Position at) {
  validation.report(
      "Unknown type " + quoted(name) + "." + validation.suggestions.did_you_mean(name, validation.schema.types()),
      {at});
}

void check_possible(Validation& validation, const TypeDefinition* parent, std::string_view on, std::string_view what,
                    Position at) {
  const TypeDefinition* type = validation.schema.type(on);
  if (parent == nullptr || type == nullptr || !type->composite()) return;
  if (!validation.spend(1 + std::max(parent->possible_types.size(), type->possible_types.size()) / 16)) return;
  if (overlap(validation, *parent, *type)) return;
  validation.report(std::string(what) + " cannot be spread here as objects of type " + quoted(parent->name) +
                        " can never be of type " + quoted(type->name) + ".",
                    {at});
}

void check_unique(Validation& validation) {
  std::unordered_map<std::string_view, const Fragment*> named;
  for (const Fragment& fragment : validation.document.fragments) {
    const auto [first, fresh] = named.emplace(fragment.name, &fragment);
    if (!fresh) {
      validation.report("There can be only one fragment named " + quoted(fragment.name) + ".",
                        {first->second->at, fragment.at});
    }
  }
}

void check_used(Validation& validation) {
  std::unordered_set<const References*> used;
  std::vector<const References*> pending;
  for (const References& operation : validation.operations) pending.push_back(&operation);
  while (!pending.empty()) {
    const References* references = pending.back();
    pending.pop_back();
    for (const References* fragment : references->spreads) {
      if (used.insert(fragment).second) pending.push_back(fragment);
    }
  }
  for (const Fragment& fragment : validation.document.fragments) {
    // A second one of the same name is a problem of its own.
    if (validation.fragment(fragment.name) != &fragment || used.contains(&validation.fragments.at(&fragment))) continue;
    validation.report("Fragment " + quoted(fragment.name) + " is never used.", {fragment.at});
  }
}

/// Goes through every fragment once, depth first, and never deeper than the limit.
class Descent {
 public:
  explicit Descent(Validation& validation) : validation_(validation) {}

  Spreading run() {
    for (const Fragment& fragment : validation_.document.fragments) {
      enter(fragment, 0);
      if (too_deep_) return refuse(fragment.at);
    }
    for (const Operation& operation : validation_.document.operations) {
      depth(operation.selections, 0);
      if (too_deep_) return refuse(operation.at);
    }
    return cycle_ ? Spreading::cyclic : Spreading::sound;
  }

 private:
  struct State {
    bool left = false;
    int depth = 0;            ///< levels below it, once it is left
    std::size_t on_path = 0;  ///< length of the path when it was entered
  };

  Spreading refuse(Position at) {
    validation_.report("Document is nested more than " + std::to_string(validation_.limits.max_depth) + " levels deep.",
                       {at});
    return Spreading::too_deep;
  }

  /// How many levels are below these selections, which are at level `level`.
  int depth(const std::vector<Selection>& selections, int level) {
    if (selections.empty()) return 0;
    // Before going down: the chain may be far longer than the stack.
    if (level >= validation_.limits.max_depth) too_deep_ = true;
    int deepest = 0;
    for (const Selection& selection : selections) {
      if (too_deep_) break;
      const int below = std::visit([&](const auto& node) { return below_node(node, level + 1); }, selection.node);
      deepest = std::max(deepest, below + 1);
      // A fragment that was measured elsewhere was not gone down.
      if (level + deepest > validation_.limits.max_depth) too_deep_ = true;
    }
    return deepest;
  }

  int below_node(const Field& field, int level) { return depth(field.selections, level); }
  int below_node(const InlineFragment& fragment, int level) { return depth(fragment.selections, level); }
  int below_node(const FragmentSpread& spread, int level) {
    const Fragment* fragment = validation_.fragment(spread.name);
    if (fragment == nullptr) return 0;
    path_.push_back(&spread);
    const int below = enter(*fragment, level);
    path_.pop_back();
    return below;
  }

  int enter(const Fragment& fragment, int level) {
    const auto [found, fresh] = states_.try_emplace(&fragment);
    State& state = found->second;
    if (!fresh) {
      if (!state.left) report_cycle(state.on_path);
      return state.depth;
    }
    state.on_path = path_.size();
    const int below = depth(fragment.selections, level);
    state.left = true;
    return state.depth = below;
  }

  /// The path's end leads back to the fragment that was entered when the path was `start` long.
  void report_cycle(std::size_t start) {
    cycle_ = true;
    std::string via;
    std::vector<Position> at;
    for (std::size_t i = start; i < path_.size(); ++i) {
      at.push_back(path_[i]->at);
      if (i + 1 == path_.size()) break;
      via += via.empty() ? " via " : ", ";
      via += quoted(path_[i]->name);
    }
    validation_.report("Cannot spread fragment " + quoted(path_.back()->name) + " within itself" + via + ".", at);
  }

  Validation& validation_;
  std::unordered_map<const Fragment*, State> states_;
  std::vector<const FragmentSpread*> path_;
  bool too_deep_ = false;
  bool cycle_ = false;
};

}  // namespace

void check_type_condition(Validation& validation, const Fragment& fragment) {
  const TypeDefinition* type = validation.schema.type(fragment.on);
  if (type == nullptr) {
    report_unknown_type(validation, fragment.on, fragment.at);
  } else if (!type->composite()) {
    validation.report(
        "Fragment " + quoted(fragment.name) + " cannot condition on non composite type " + quoted(type->name) + ".",
        {fragment.at});
  }
}

void check_inline_fragment(Validation& validation, const InlineFragment& fragment, const TypeDefinition* parent) {
  if (fragment.on.empty()) return;
  const TypeDefinition* type = validation.schema.type(fragment.on);
  if (type == nullptr) {
    report_unknown_type(validation, fragment.on, fragment.at);
  } else if (!type->composite()) {
    validation.report("Fragment cannot condition on non composite type " + quoted(type->name) + ".", {fragment.at});
  } else {
    check_possible(validation, parent, fragment.on, "Fragment", fragment.at);
  }
}

void check_spread(Validation& validation, const FragmentSpread& spread, const TypeDefinition* parent) {
  const Fragment* fragment = validation.fragment(spread.name);
  if (fragment == nullptr) {
    validation.report("Unknown fragment " + quoted(spread.name) + ".", {spread.at});
  } else {
    check_possible(validation, parent, fragment->on, "Fragment " + quoted(spread.name), spread.at);
  }
}

bool check_fragments(Validation& validation) {
  check_unique(validation);
  check_used(validation);
  return follow_fragments(validation) == Spreading::sound;
}

Spreading follow_fragments(Validation& validation) { return Descent(validation).run(); }

}  // namespace ballast::graphql
