#include "graphql/shaping.hpp"

#include <utility>

#include "base/check.hpp"

namespace ballast::graphql {
namespace {

const std::string& key_of(const encode::Member& member) {
  return std::visit([](const auto& m) -> const std::string& { return m.key; }, member);
}

template <class T>
const T* find(const encode::Object& cells, const std::string& alias) {
  for (const auto& member : cells.members) {
    if (key_of(member) != alias) continue;
    if (const auto* found = std::get_if<T>(&member)) return found;
  }
  return nullptr;
}

/// Numbers that every client can hold, and what is one word.
bool written_plainly(const TypeDefinition& type) {
  return type.name == "Int" || type.name == "Float" || type.name == "Boolean";
}

std::shared_ptr<const std::map<std::string, std::string, std::less<>>> words_of(const TypeDefinition& type) {
  std::map<std::string, std::string, std::less<>> words;
  for (const EnumMember& member : type.members) {
    if (member.value != member.name) words.emplace(member.value, member.name);
  }
  if (words.empty()) return nullptr;
  return std::make_shared<const std::map<std::string, std::string, std::less<>>>(std::move(words));
}

class Shaper {
 public:
  explicit Shaper(const encode::Shape& compiled) : compiled_(compiled) {
    for (const auto& level : compiled.levels) made_.levels.push_back({level.parent, {}, level.sorted_by, level.limit});
  }

  Result<encode::Shape> root(const ListDraft& value) {
    made_.fillings.emplace_back();
    BALLAST_TRY(encode::Filling filling, list(value, nullptr));
    made_.fillings.front() = std::move(filling);
    return std::move(made_);
  }

 private:
  /// `above`: the cells of the row that the list hangs below; null at the root.
  Result<encode::Filling> list(const ListDraft& draft, const encode::Object* above) {
    std::vector<int> levels;
    std::vector<std::size_t> first_faces;
    for (const RowsDraft& rows : draft.rows) {
      levels.push_back(-1);
      first_faces.push_back(0);
      const bool read = above == nullptr || !rows.read.alias.empty();
      if (!read) continue;
      if (above == nullptr) {
        levels.back() = static_cast<int>(rows.read.root);
      } else {
        const auto* hole = find<encode::Hole>(*above, rows.read.alias);
        if (hole == nullptr) return make_error(400, "54001", "the document selects too much at once");
        levels.back() = hole->filling;  // a level's own filling has its number
      }
      const auto level = static_cast<std::size_t>(levels.back());
      if (level >= made_.levels.size()) continue;
      first_faces.back() = made_.levels[level].faces.size();
      for (const FaceDraft& face : rows.faces) {
        BALLAST_TRY(encode::Object object, this->face(face, compiled_.levels[level].faces.front()));
        made_.levels[level].faces.push_back(std::move(object));
      }
    }
    encode::Filling filling;
    for (const ListPart& part : draft.parts) {
      const int level = part.kind == ListPart::Kind::text ? -1 : levels[part.rows];
      const int face = part.kind == ListPart::Kind::text ? 0 : static_cast<int>(first_faces[part.rows] + part.face);
      switch (part.kind) {
        case ListPart::Kind::text:
          add_text(filling, part.text);
          break;
        case ListPart::Kind::rows:
          filling.emplace_back(encode::List{level, face, part.reversed, part.limit});
          break;
        case ListPart::Kind::first:
          filling.emplace_back(encode::Single{level, face, false, part.limit, part.text});
          break;
        case ListPart::Kind::last:
          filling.emplace_back(encode::Single{level, face, true, part.limit, part.text});
          break;
        case ListPart::Kind::more:
          filling.emplace_back(encode::More{level, part.limit.value_or(0)});
          break;
        case ListPart::Kind::count:
          filling.emplace_back(encode::RowCount{level});
          break;
      }
    }
    return filling;
  }

  static void add_text(encode::Filling& filling, const std::string& text) {
    auto* last = filling.empty() ? nullptr : std::get_if<std::string>(&filling.back());
    if (last != nullptr) {
      *last += text;
    } else {
      filling.emplace_back(text);
    }
  }

  Result<encode::Object> face(const FaceDraft& draft, const encode::Object& cells) {
    encode::Object object;
    object.bare = draft.bare;
    for (const MemberDraft& member : draft.members) {
      BALLAST_TRY(encode::Member made, this->member(member, draft, cells));
      object.members.push_back(std::move(made));
    }
    return object;
  }

  Result<encode::Member> member(const MemberDraft& draft, const FaceDraft& face, const encode::Object& cells) {
    if (const auto* leaf = std::get_if<Leaf>(&draft.value)) return encode::Member(field(draft.key, *leaf, cells));
    if (const auto* same = std::get_if<Same>(&draft.value)) {
      return encode::Member(encode::Constant{draft.key, same->json});
    }
    if (const auto* key = std::get_if<Key>(&draft.value)) {
      encode::Cursor cursor{draft.key, key->before, {}};
      for (const std::string& alias : key->aliases) {
        const auto* cell = find<encode::Field>(cells, alias);
        check(cell != nullptr, "a key's column that was not read");
        cursor.values.push_back(*cell);
      }
      return encode::Member(std::move(cursor));
    }
    if (const auto* inner = std::get_if<Inner>(&draft.value)) {
      encode::Nested nested;
      nested.key = draft.key;
      const encode::Object* own = &cells;
      if (!inner->alias.empty()) {
        const auto* joined = find<encode::Nested>(cells, inner->alias);
        check(joined != nullptr, "a to-one relationship that was not joined");
        nested.present = joined->present;
        own = &*joined->object;
      }
      BALLAST_TRY(*nested.object, this->face(*inner->face, *own));
      return encode::Member(std::move(nested));
    }
    const auto& below = std::get<Below>(draft.value);
    const int number = static_cast<int>(made_.fillings.size());
    made_.fillings.emplace_back();
    BALLAST_TRY(encode::Filling filling, list(face.lists[below.list], &cells));
    made_.fillings[static_cast<std::size_t>(number)] = std::move(filling);
    return encode::Member(encode::Hole{draft.key, number});
  }

  static encode::Field field(const std::string& key, const Leaf& leaf, const encode::Object& cells) {
    const auto* cell = find<encode::Field>(cells, leaf.alias);
    check(cell != nullptr, "a column that was not read");
    encode::Field made = *cell;
    made.key = key;
    const TypeDefinition& type = *leaf.type.named;
    if (type.kind == TypeKind::enumeration) {
      made.words = words_of(type);
    } else if (!written_plainly(type)) {
      if (!leaf.type.list()) {
        made.as_string = true;
      } else if (made.element) {
        made.element = catalog::Kind::text;
      }
    }
    return made;
  }

  const encode::Shape& compiled_;
  encode::Shape made_;
};

}  // namespace

Result<encode::Shape> shape_of(const ListDraft& value, const encode::Shape& compiled) {
  return Shaper(compiled).root(value);
}

}  // namespace ballast::graphql
