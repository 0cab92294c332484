#include "graphql/lexer.hpp"

#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

/// The tokens as `1:1 Name "foo"; …`, up to the end or what is wrong.
std::string tokens(std::string_view source) {
  Lexer lexer(source);
  std::string text;
  for (;;) {
    const Token token = lexer.next();
    if (token.is(TokenKind::end)) return text;
    text += std::to_string(token.at.line) + ":" + std::to_string(token.at.column) + " ";
    if (token.is(TokenKind::invalid)) return text + token.value;
    text += describe(token) + "; ";
  }
}

/// The only token's value, or what is wrong without its place.
std::string value(std::string_view source) {
  Lexer lexer(source);
  return lexer.next().value;
}

TEST(Lexer, TakesPunctuatorsAndNames) {
  EXPECT_EQ(tokens("! $ & ( ) ... : = @ [ ] { | }"),
            "1:1 \"!\"; 1:3 \"$\"; 1:5 \"&\"; 1:7 \"(\"; 1:9 \")\"; 1:11 \"...\"; 1:15 \":\"; 1:17 \"=\"; 1:19 \"@\"; "
            "1:21 \"[\"; 1:23 \"]\"; 1:25 \"{\"; 1:27 \"|\"; 1:29 \"}\"; ");
  EXPECT_EQ(tokens("_a1{B"), "1:1 Name \"_a1\"; 1:4 \"{\"; 1:5 Name \"B\"; ");
}

TEST(Lexer, IgnoresWhatSeparatesTokensAndCountsLines) {
  EXPECT_EQ(tokens(""), "");
  EXPECT_EQ(tokens("\xEF\xBB\xBF"
                   "a"),
            "1:2 Name \"a\"; ");
  EXPECT_EQ(tokens(" ,,\ta # b {\n#\r\n,c\rd\n\re"),
            "1:5 Name \"a\"; 3:2 Name \"c\"; 4:1 Name \"d\"; 6:1 Name \"e\"; ");
}

TEST(Lexer, CountsColumnsInCharacters) {
  EXPECT_EQ(tokens("\"ä€😀\" a"), "1:1 String \"ä€😀\"; 1:7 Name \"a\"; ");
  EXPECT_EQ(tokens("\"\"\"ä\nä\"\"\"a"), "1:1 BlockString \"ä\nä\"; 2:5 Name \"a\"; ");
  EXPECT_EQ(tokens("\"ä\\q\""), "1:3 Invalid character escape sequence: \"\\q\".");
  EXPECT_EQ(tokens("# ä\na"), "2:1 Name \"a\"; ");
}

TEST(Lexer, TellsIntegersFromFloats) {
  EXPECT_EQ(tokens("0 -0 12 -9"), "1:1 Int \"0\"; 1:3 Int \"-0\"; 1:6 Int \"12\"; 1:9 Int \"-9\"; ");
  EXPECT_EQ(
      tokens("0.0 -1.20 1e3 1E+3 1.5e-30"),
      "1:1 Float \"0.0\"; 1:5 Float \"-1.20\"; 1:11 Float \"1e3\"; 1:15 Float \"1E+3\"; 1:20 Float \"1.5e-30\"; ");
  EXPECT_EQ(tokens("1-2"), "1:1 Int \"1\"; 1:2 Int \"-2\"; ");
}

TEST(Lexer, RefusesNumbersThatRunOn) {
  EXPECT_EQ(tokens("00"), "1:2 Invalid number, unexpected digit after 0: \"0\".");
  EXPECT_EQ(tokens("-"), "1:2 Invalid number, expected digit but got: <EOF>.");
  EXPECT_EQ(tokens("+1"), "1:1 Unexpected character: \"+\".");
  EXPECT_EQ(tokens("1."), "1:3 Invalid number, expected digit but got: <EOF>.");
  EXPECT_EQ(tokens(".5"), "1:1 Unexpected character: \".\".");
  EXPECT_EQ(tokens("1.2.3"), "1:4 Invalid number, expected digit but got: \".\".");
  EXPECT_EQ(tokens("1e"), "1:3 Invalid number, expected digit but got: <EOF>.");
  EXPECT_EQ(tokens("0x1"), "1:2 Invalid number, expected digit but got: \"x\".");
  EXPECT_EQ(tokens("1_000"), "1:2 Invalid number, expected digit but got: \"_\".");
  EXPECT_EQ(tokens("1e5\""), "1:1 Float \"1e5\"; 1:5 Unterminated string.");
}

TEST(Lexer, DecodesEscapes) {
  EXPECT_EQ(value(R"("\" \\ \/ \b \f \n \r \t")"), "\" \\ / \b \f \n \r \t");
  EXPECT_EQ(value(R"("\u00e4 \u20AC")"), "ä €");
  EXPECT_EQ(value(R"("\u{e4} \u{1F600} \u{0000000041}")"), "ä 😀 A");
  EXPECT_EQ(value(R"("\uD83D\uDE00 \uDBFF\uDFFF")"), "😀 \xF4\x8F\xBF\xBF");
  EXPECT_EQ(value(R"("\u0000\u{0}")"), std::string(2, '\0'));
}

TEST(Lexer, RefusesEscapesThatAreNoCharacter) {
  EXPECT_EQ(tokens(R"("\uD83D")"), "1:2 Invalid Unicode escape sequence: \"\\uD83D\".");
  EXPECT_EQ(tokens(R"("\uDE00\uD83D")"), "1:2 Invalid Unicode escape sequence: \"\\uDE00\".");
  EXPECT_EQ(tokens(R"("\uD83D\u{DE00}")"), "1:2 Invalid Unicode escape sequence: \"\\uD83D\".");
  EXPECT_EQ(tokens(R"("\u{D83D}\u{DE00}")"), "1:2 Invalid Unicode escape sequence: \"\\u{D83D}\".");
  EXPECT_EQ(tokens(R"("\u{110000}")"), "1:2 Invalid Unicode escape sequence: \"\\u{110000}\".");
  EXPECT_EQ(tokens(R"("\u{100000041}")"), "1:2 Invalid Unicode escape sequence: \"\\u{100000041\".");
  EXPECT_EQ(tokens(R"("\u{}")"), "1:2 Invalid Unicode escape sequence: \"\\u{}\".");
  EXPECT_EQ(tokens(R"("\u{4g}")"), "1:2 Invalid Unicode escape sequence: \"\\u{4g\".");
  EXPECT_EQ(tokens(R"("a\u12g4")"), "1:3 Invalid Unicode escape sequence: \"\\u12g4\".");
  EXPECT_EQ(tokens(R"("\u)"), "1:2 Invalid Unicode escape sequence: \"\\u\".");
  EXPECT_EQ(tokens(R"("\x")"), "1:2 Invalid character escape sequence: \"\\x\".");
  EXPECT_EQ(tokens("\"\\"), "1:2 Invalid character escape sequence: \"\\\".");
}

TEST(Lexer, EndsStringsInTheirLine) {
  EXPECT_EQ(tokens("\"\" \"\"\"\"\"\""), "1:1 String \"\"; 1:4 BlockString \"\"; ");
  EXPECT_EQ(tokens("\"a"), "1:3 Unterminated string.");
  EXPECT_EQ(tokens("\"a\nb\""), "1:3 Unterminated string.");
  EXPECT_EQ(tokens("\"a\rb\""), "1:3 Unterminated string.");
  EXPECT_EQ(tokens("\"\"\"a\n\"\""), "2:3 Unterminated string.");
  EXPECT_EQ(tokens("\"\"\"\"\"\"\""), "1:1 BlockString \"\"; 1:8 Unterminated string.");
}

TEST(Lexer, TakesBlockStringsWithoutTheirIndentation) {
  EXPECT_EQ(value("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  \"\"\""),
            "Hello,\n  World!\n\nYours,\n  GraphQL.");
  EXPECT_EQ(value("\"\"\"  first\n    second\n   third\"\"\""), "  first\n second\nthird");
  EXPECT_EQ(value("\"\"\"a\r\n  b\r  c\n\"\"\""), "a\nb\nc");
  EXPECT_EQ(value("\"\"\"\n  a\n     \n \n  b\"\"\""), "a\n   \n\nb");
  EXPECT_EQ(value("\"\"\"\n\n \t\n\"\"\""), "");
  EXPECT_EQ(value(R"("""a \""" b \n \u0041 "" c""")"), R"(a """ b \n \u0041 "" c)");
}

TEST(Lexer, CountsTheLinesOfBlockStrings) {
  EXPECT_EQ(tokens("\"\"\"a\r\nb\rc\n\"\"\" d"), "1:1 BlockString \"a\nb\nc\"; 4:5 Name \"d\"; ");
}

TEST(Lexer, NamesCharactersThatStartNoToken) {
  EXPECT_EQ(tokens("a ?"), "1:1 Name \"a\"; 1:3 Unexpected character: \"?\".");
  EXPECT_EQ(tokens(".."), "1:1 Unexpected character: \".\".");
  EXPECT_EQ(tokens("ä"), "1:1 Unexpected character: U+00E4.");
  EXPECT_EQ(tokens("😀"), "1:1 Unexpected character: U+1F600.");
  EXPECT_EQ(tokens("\v"), "1:1 Unexpected character: U+000B.");
  EXPECT_EQ(tokens(std::string_view("\0", 1)), "1:1 Unexpected character: U+0000.");
  EXPECT_EQ(tokens("'a'"), "1:1 Unexpected single quote character ('), did you mean to use a double quote (\")?");
}

TEST(Lexer, RefusesWhatIsNoUtf8) {
  EXPECT_EQ(tokens("\xFF"), "1:1 Invalid character: byte 0xFF.");
  EXPECT_EQ(tokens("#\xC3\n"), "1:2 Invalid character: byte 0xC3.");
  EXPECT_EQ(tokens("\"a\xED\xA0\x80\""), "1:3 Invalid character within String: byte 0xED.");
  EXPECT_EQ(tokens("\"\"\"\n\x80\"\"\""), "2:1 Invalid character within String: byte 0x80.");
  EXPECT_EQ(tokens("\"\\\x80\""), "1:2 Invalid character escape sequence: \"\\\".");
}

TEST(Lexer, EndsBehindAMistake) {
  Lexer lexer("? a");
  EXPECT_TRUE(lexer.next().is(TokenKind::invalid));
  EXPECT_TRUE(lexer.next().is(TokenKind::end));
  EXPECT_TRUE(lexer.next().is(TokenKind::end));
}

TEST(Lexer, KeepsTokensAsWritten) {
  Lexer lexer(R"(  ab "\n" ...)");
  EXPECT_EQ(lexer.next().text, "ab");
  EXPECT_EQ(lexer.next().text, "\"\\n\"");
  EXPECT_EQ(lexer.next().text, "...");
}

TEST(Lexer, CutsLongTextInMessages) {
  EXPECT_LT(describe(Lexer(std::string(1000, 'a')).next()).size(), 200U);
  EXPECT_LT(describe(Lexer('"' + std::string(1000, 'a') + '"').next()).size(), 200U);
}

}  // namespace
}  // namespace ballast::graphql
