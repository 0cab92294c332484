#include "encode/object_writer.hpp"

#include "encode/value.hpp"
#include "json/writer.hpp"

namespace ballast::encode {

ObjectWriter::ObjectWriter(const Object& object) {
  steps_.reserve(object.members.size());
  for (const Member& member : object.members) {
    Step step;
    step.member = &member;
    step.canonical = std::get_if<Field>(&member);
    if (step.canonical != nullptr && !step.canonical->canonical) step.canonical = nullptr;
    step.hole = std::get_if<Hole>(&member);
    if (!object.bare) {
      step.before = steps_.empty() ? "{" : ",";
      json::append_string(step.before, std::visit([](const auto& m) -> const std::string& { return m.key; }, member));
      step.before += ':';
    }
    if (const auto* nested = std::get_if<Nested>(&member))
      step.nested = std::make_unique<ObjectWriter>(*nested->object);
    steps_.push_back(std::move(step));
  }
  if (!object.bare) after_ = steps_.empty() ? "{}" : "}";
}

void ObjectWriter::write(std::string& out, std::span<const sql::Cell> cells, std::vector<Mark>* marks) const {
  for (const Step& step : steps_) {
    out += step.before;
    if (step.canonical != nullptr) {
      write_field(out, cells[static_cast<std::size_t>(step.canonical->column)], *step.canonical);
    } else if (step.hole != nullptr && marks != nullptr) {
      marks->push_back({out.size(), step.hole->filling});
    } else if (step.nested == nullptr || is_null(*step.member, cells)) {
      write_member(out, *step.member, cells);
    } else {
      step.nested->write(out, cells, marks);
    }
  }
  out += after_;
}

}  // namespace ballast::encode
