#include "middleware/compression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "middleware/encoder.hpp"
#include "middleware/test_chain.hpp"

namespace ballast::middleware {
namespace {

CodingChoice choice(Coding coding, bool identity = true) { return {coding, identity}; }

TEST(AcceptEncoding, PrefersZstdAmongEquals) {
  EXPECT_EQ(choose_coding("gzip, deflate, br, zstd"), choice(Coding::zstd));
  EXPECT_EQ(choose_coding("zstd, gzip"), choice(Coding::zstd));
  EXPECT_EQ(choose_coding("*"), choice(Coding::zstd));
}

TEST(AcceptEncoding, FollowsTheWeights) {
  EXPECT_EQ(choose_coding("zstd;q=0.5, gzip;q=0.8"), choice(Coding::gzip));
  EXPECT_EQ(choose_coding("zstd;q=0.999 , gzip ; q=1.000"), choice(Coding::gzip));
  EXPECT_EQ(choose_coding("gzip;q=0.5, identity"), choice(Coding::identity));
  EXPECT_EQ(choose_coding("gzip;q=0.5, identity;q=0.5"), choice(Coding::gzip));
}

TEST(AcceptEncoding, TakesZeroForANo) {
  EXPECT_EQ(choose_coding("zstd;q=0, gzip;q=0"), choice(Coding::identity));
  EXPECT_EQ(choose_coding("zstd;q=0, *"), choice(Coding::gzip));
  EXPECT_EQ(choose_coding("identity;q=0, gzip"), choice(Coding::gzip, false));
  EXPECT_EQ(choose_coding("gzip, *;q=0"), choice(Coding::gzip, false));
  EXPECT_EQ(choose_coding("identity;q=0.1, *;q=0"), choice(Coding::identity));
}

TEST(AcceptEncoding, KnowsNoOtherCodings) {
  EXPECT_EQ(choose_coding("br, deflate"), choice(Coding::identity));
  EXPECT_EQ(choose_coding(""), choice(Coding::identity));
}

TEST(AcceptEncoding, PassesOverMalformedElements) {
  EXPECT_EQ(choose_coding("zstd;q=2, gzip"), choice(Coding::gzip));
  EXPECT_EQ(choose_coding("zstd;q=0.1234, zstd;level=3, ,;, gzip;q="), choice(Coding::identity));
  EXPECT_EQ(choose_coding("GZIP"), choice(Coding::gzip));
}

std::string unzstd(std::string_view text) {
  std::string out;
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  std::string block(1U << 16, '\0');
  std::size_t left = 1;
  while (left != 0) {
    ZSTD_outBuffer into{block.data(), block.size(), 0};
    left = ZSTD_decompressStream(context, &into, &in);
    if (ZSTD_isError(left) != 0 || (into.pos == 0 && in.pos == in.size)) break;
    out.append(block, 0, into.pos);
  }
  EXPECT_EQ(left, 0U);
  ZSTD_freeDCtx(context);
  return out;
}
std::string gunzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  std::string out;
  std::string block(1U << 16, '\0');
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(block, 0, block.size() - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  inflateEnd(&stream);
  return out;
}

/// All bytes of an answer, however they are held.
std::string drain(http::Response& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) return *text;
  std::string all;
  std::string block;
  auto source = std::get<std::shared_ptr<http::BodySource>>(response.body);
  for (source->next(block); !block.empty(); source->next(block)) all += block;
  return all;
}
std::string json(std::size_t size) {
  std::string text = "[";
  for (int i = 0; text.size() < size; ++i)
    text += "{\"id\":" + std::to_string(i * 7919 % 10007) + ",\"name\":\"row\"},";
  return text + "{}]";
}
http::Response compressed(std::string_view accept, http::Response response, CompressionSettings settings = {},
                          http::Method method = http::Method::get) {
  http::Request request = get("/", {{"Accept-Encoding", accept}});
  request.method = method;
  return run(chain_of(std::make_unique<Compression>(settings)), request, answering(std::move(response)));
}

TEST(Compression, CompressesWithWhatTheClientPrefers) {
  const std::string text = json(5000);
  auto zstd = compressed("gzip, zstd", http::json_response(200, text));
  EXPECT_EQ(field(zstd, "Content-Encoding"), "zstd");
  EXPECT_LT(body(zstd).size(), text.size() / 2);
  EXPECT_EQ(unzstd(body(zstd)), text);
  auto gzip = compressed("gzip", http::json_response(200, text));
  EXPECT_EQ(field(gzip, "Content-Encoding"), "gzip");
  EXPECT_EQ(gunzip(body(gzip)), text);
}

TEST(Compression, SaysThatTheAnswerVariesEvenWhenItIsNotCompressed) {
  const auto response = compressed("br", http::json_response(200, json(5000)));
  EXPECT_EQ(field(response, "Content-Encoding"), "none");
  EXPECT_EQ(field(response, "Vary"), "Accept-Encoding");
}

TEST(Compression, LeavesSmallBodiesAlone) {
  const auto response = compressed("gzip", http::json_response(200, std::string(1023, ' ')));
  EXPECT_EQ(field(response, "Content-Encoding"), "none");
  EXPECT_EQ(field(response, "Vary"), "none");
}

TEST(Compression, CompressesSmallBodiesWhenTheClientTakesNothingElse) {
  const auto response = compressed("gzip, identity;q=0", http::json_response(200, "[]"));
  EXPECT_EQ(field(response, "Content-Encoding"), "gzip");
  EXPECT_EQ(gunzip(body(response)), "[]");
}

TEST(Compression, LeavesAloneWhatIsCompressedOrMustNotBe) {
  const std::string text = json(5000);
  auto encoded = http::json_response(200, text);
  encoded.set("Content-Encoding", "br");
  auto fixed = http::json_response(200, text);
  fixed.set("Cache-Control", "public, no-transform");
  auto image = http::json_response(200, text);
  image.set("Content-Type", "image/png");
  auto untyped = http::json_response(200, text);
  untyped.headers.clear();
  auto range = http::json_response(206, text);
  range.set("Content-Range", "bytes 0-5000/10000");
  for (const auto& response : {encoded, fixed, image, untyped, range}) {
    EXPECT_EQ(body(compressed("gzip", response)), text);
  }
}

TEST(Compression, CompressesRangesOfRows) {
  auto response = http::json_response(206, json(5000));
  response.set("Content-Range", "0-99/1000");
  EXPECT_EQ(field(compressed("gzip", response), "Content-Encoding"), "gzip");
}

TEST(Compression, KeepsBodiesThatDoNotShrink) {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 4000; ++i) noise += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  const auto response = compressed("gzip", http::json_response(200, noise));
  EXPECT_EQ(field(response, "Content-Encoding"), "none");
  EXPECT_EQ(body(response), noise);
}

TEST(Compression, NamesItsCodingInStrongEntityTags) {
  auto response = http::json_response(200, json(5000));
  response.set("ETag", "\"v1\"");
  EXPECT_EQ(field(compressed("gzip", response), "ETag"), "\"v1.gzip\"");
  EXPECT_EQ(field(compressed("br", response), "ETag"), "\"v1\"");
}

TEST(Compression, AnswersHeadWithTheFieldsOfGetAndNoLength) {
  auto response = compressed("gzip", http::json_response(200, json(5000)), {}, http::Method::head);
  EXPECT_EQ(field(response, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(response, "Vary"), "Accept-Encoding");
  EXPECT_EQ(drain(response), "");
  EXPECT_TRUE(std::holds_alternative<std::shared_ptr<http::BodySource>>(response.body));
}

TEST(Compression, StreamsLargeBodies) {
  const std::string text = json(400'000);
  for (const char* coding : {"gzip", "zstd"}) {
    auto response = compressed(coding, http::json_response(200, text));
    ASSERT_TRUE(std::holds_alternative<std::shared_ptr<http::BodySource>>(response.body)) << coding;
    const std::string bytes = drain(response);
    EXPECT_EQ(std::string_view(coding) == "gzip" ? gunzip(bytes) : unzstd(bytes), text);
  }
}

TEST(Compression, StreamsSpoolsFromDisk) {
  auto spool = std::make_shared<Spool>(Spool::Limits{.memory_limit = 10'000, .directory = {}});
  const std::string text = json(400'000);
  for (std::size_t at = 0; at < text.size(); at += 1000)
    ASSERT_TRUE(spool->append(std::string_view(text).substr(at, 1000)));
  auto whole = http::json_response(200, "");
  whole.body = std::shared_ptr<const Spool>(spool);
  auto response = compressed("zstd", whole);
  EXPECT_EQ(unzstd(drain(response)), text);
}

class Parts final : public http::BodySource {
 public:
  void next(std::string& into) override { into = made_ < 500 ? "line " + std::to_string(made_++) + "\n" : ""; }

 private:
  int made_ = 0;
};

TEST(Compression, StreamsBodiesThatAreMadeAsTheyAreSent) {
  auto whole = http::json_response(200, "");
  whole.body = std::make_shared<Parts>();
  auto response = compressed("gzip", whole);
  const std::string text = gunzip(drain(response));
  EXPECT_TRUE(text.starts_with("line 0\nline 1\n"));
  EXPECT_TRUE(text.ends_with("line 499\n"));
}

TEST(Compression, SendsAsItIsWhatIsBeyondItsStreams) {
  const auto chain = chain_of(std::make_unique<Compression>(CompressionSettings{.max_streams = 1}));
  const auto handler = answering(200, json(400'000));
  http::Request request = get("/", {{"Accept-Encoding", "gzip"}});
  {
    const auto first = run(chain, request, handler);
    EXPECT_EQ(field(first, "Content-Encoding"), "gzip");
    const auto second = run(chain, request, handler);
    EXPECT_EQ(field(second, "Content-Encoding"), "none");
  }
  EXPECT_EQ(field(run(chain, request, handler), "Content-Encoding"), "gzip");
}

TEST(Compression, KnowsWhatIsWorthCompressing) {
  for (const char* type : {"text/csv; charset=utf-8", "application/json", "application/vnd.pgrst.object+json",
                           "application/problem+json; x", "image/svg+xml"}) {
    EXPECT_TRUE(compressible(type)) << type;
  }
  for (const char* type : {"image/png", "application/octet-stream", "text/event-stream", "video/mp4", ""}) {
    EXPECT_FALSE(compressible(type)) << type;
  }
}

}  // namespace
}  // namespace ballast::middleware
