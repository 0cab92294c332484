#include "graphql/overlapping_fields.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <set>
#include <unordered_set>
#include <utility>

#include "graphql/same_arguments.hpp"
#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

using Selections = std::vector<Selection>;

/// A field in a merged set. `parent` is the field whose selections it is one of; null at a root.
struct Entry {
  const Field* field = nullptr;
  const Entry* parent = nullptr;
};

using Entries = std::vector<const Entry*>;

/// What must hold of a set: fields that belong to different objects may be different fields, as long as their answers
/// look alike.
enum class Mode : std::uint8_t { merge, shape };

/// Selection sets to be merged, each with the field that it belongs to.
using Members = std::vector<std::pair<const Selections*, const Entry*>>;

/// The selection sets of a merged set, in order, and after them its mode.
using SetKey = std::vector<std::uintptr_t>;

struct SetKeyHash {
  std::size_t operator()(const SetKey& key) const noexcept {
    std::size_t hash = key.size();
    for (const std::uintptr_t part : key) hash = (hash ^ part) * 0x9E3779B97F4A7C15ULL + (hash >> 29U);
    return hash;
  }
};

/// Do answers of both types look different?
bool shapes_conflict(const TypeUse& a, const TypeUse& b) {
  if (a.wrappers != b.wrappers) return true;
  const bool leaf = !a.named->composite() || !b.named->composite();
  return leaf && a.named != b.named;
}

class Merger {
 public:
  explicit Merger(Validation& validation) : validation_(validation) {}

  void merge(const Members& members, Mode mode) {
    if (validation_.stopped() || !is_new(members, mode)) return;
    Set set;
    for (const auto& [selections, parent] : members) collect(*selections, parent, set);
    for (const Entries& group : set.groups) {
      if (validation_.stopped()) return;
      check(group, mode);
    }
  }

 private:
  /// Fields by response key, in the order of the document.
  struct Set {
    std::vector<Entries> groups;
    std::unordered_map<std::string_view, std::size_t> by_key;
    std::unordered_set<const Fragment*> spread;
  };

  bool is_new(const Members& members, Mode mode) {
    SetKey key;
    key.reserve(members.size() + 1);
    for (const auto& [selections, parent] : members) key.push_back(reinterpret_cast<std::uintptr_t>(selections));
    std::ranges::sort(key);
    key.erase(std::unique(key.begin(), key.end()), key.end());
    key.push_back(static_cast<std::uintptr_t>(mode));
    return validation_.spend(key.size()) && checked_.insert(std::move(key)).second;
  }

  void collect(const Selections& selections, const Entry* parent, Set& set) {
    for (const Selection& selection : selections) {
      if (!validation_.spend()) return;
      if (const auto* field = std::get_if<Field>(&selection.node)) {
        const auto [group, fresh] = set.by_key.emplace(field->key(), set.groups.size());
        if (fresh) set.groups.emplace_back();
        set.groups[group->second].push_back(&entries_.emplace_back(Entry{field, parent}));
      } else if (const auto* inlined = std::get_if<InlineFragment>(&selection.node)) {
        collect(inlined->selections, parent, set);
      } else {
        const Fragment* fragment = validation_.fragment(std::get<FragmentSpread>(selection.node).name);
        if (fragment != nullptr && set.spread.insert(fragment).second) collect(fragment->selections, parent, set);
      }
    }
  }

  const FieldFacts& facts(const Entry* entry) const { return validation_.fields.at(entry->field); }

  /// A field that conflicts with the first of its group is not looked into any further.
  void check(const Entries& group, Mode mode) {
    if (group.size() == 1) return merge_selections(group, mode);
    std::vector<Entries> classes;
    if (mode == Mode::merge) {
      classes = of_one_object(group);
      for (Entries& fields : classes)
        std::erase_if(fields, [&](auto* entry) { return !same_field(fields.front(), entry); });
    }
    const Entry* first = first_known(group);
    Entries alike = group;
    if (first != nullptr) std::erase_if(alike, [&](auto* entry) { return !same_shape(first, entry); });
    for (const Entries& fields : classes) merge_selections(fields, Mode::merge);
    if (classes.size() != 1) merge_selections(alike, Mode::shape);
  }

  /// The fields that may be asked of one and the same object: those of each object type, and with them those of
  /// interfaces, which may be asked of any.
  std::vector<Entries> of_one_object(const Entries& group) const {
    Entries of_any;
    std::vector<std::pair<const TypeDefinition*, Entries>> of_objects;
    std::unordered_map<const TypeDefinition*, std::size_t> places;
    for (const Entry* entry : group) {
      const TypeDefinition* parent = facts(entry).parent;
      if (parent == nullptr || parent->kind != TypeKind::object) {
        of_any.push_back(entry);
        continue;
      }
      const auto [place, fresh] = places.emplace(parent, of_objects.size());
      if (fresh) of_objects.push_back({parent, {}});
      of_objects[place->second].second.push_back(entry);
    }
    std::vector<Entries> classes;
    for (auto& [type, fields] : of_objects) {
      if (!validation_.spend(1 + of_any.size())) break;
      Entries& all = classes.emplace_back(of_any);
      all.insert(all.end(), fields.begin(), fields.end());
    }
    if (classes.empty()) classes.push_back(std::move(of_any));
    return classes;
  }

  bool same_field(const Entry* first, const Entry* entry) {
    if (entry->field == first->field) return true;
    if (!validation_.spend(1 + entry->field->arguments.size())) return false;
    if (entry->field->name != first->field->name) {
      report(first, entry, quoted(first->field->name) + " and " + quoted(entry->field->name) + " are different fields");
      return false;
    }
    if (same_arguments(first->field->arguments, entry->field->arguments)) return true;
    report(first, entry, "they have differing arguments");
    return false;
  }

  const Entry* first_known(const Entries& group) const {
    const auto found = std::ranges::find_if(group, [&](auto* entry) { return facts(entry).definition != nullptr; });
    return found == group.end() ? nullptr : *found;
  }

  bool same_shape(const Entry* first, const Entry* entry) {
    const FieldDefinition* definition = facts(entry).definition;
    const TypeUse& expected = facts(first).definition->type;
    if (definition == nullptr || !shapes_conflict(expected, definition->type)) return true;
    report(first, entry,
           "they return conflicting types " + quoted(expected.print()) + " and " + quoted(definition->type.print()));
    return false;
  }

  void merge_selections(const Entries& fields, Mode mode) {
    Members members;
    for (const Entry* entry : fields) {
      if (!entry->field->selections.empty()) members.emplace_back(&entry->field->selections, entry);
    }
    if (!members.empty()) merge(members, mode);
  }

  /// Says the conflict of the two where their ways through the document part.
  void report(const Entry* a, const Entry* b, std::string reason) {
    if (!reported_.emplace(std::min(a->field, b->field, std::less<>()), std::max(a->field, b->field, std::less<>()))
             .second) {
      return;
    }
    std::vector<Position> at_a = {a->field->at};
    std::vector<Position> at_b = {b->field->at};
    while (a->parent != nullptr && b->parent != nullptr && a->parent->field != b->parent->field) {
      reason = "subfields " + quoted(a->field->key()) + " conflict because " + reason;
      a = a->parent;
      b = b->parent;
      at_a.insert(at_a.begin(), a->field->at);
      at_b.insert(at_b.begin(), b->field->at);
    }
    at_a.insert(at_a.end(), at_b.begin(), at_b.end());
    validation_.report("Fields " + quoted(a->field->key()) + " conflict because " + reason +
                           ". Use different aliases on the fields to fetch both if this was intentional.",
                       std::move(at_a));
  }

  Validation& validation_;
  std::deque<Entry> entries_;  ///< whose addresses stay
  std::unordered_set<SetKey, SetKeyHash> checked_;
  std::set<std::pair<const Field*, const Field*>> reported_;
};

}  // namespace

void check_overlapping_fields(Validation& validation) {
  Merger merger(validation);
  for (const Operation& operation : validation.document.operations) {
    merger.merge({{&operation.selections, nullptr}}, Mode::merge);
  }
}

}  // namespace ballast::graphql
