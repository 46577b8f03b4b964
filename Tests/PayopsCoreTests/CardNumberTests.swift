import PayopsCore
import Testing

@Suite("Card numbers in texts")
struct CardNumberTests {
  private func masked(_ text: String) -> String {
    Array(text.utf8).withUnsafeBufferPointer {
      String(decoding: CardNumber.masked($0), as: UTF8.self)
    }
  }

  private func isIn(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { CardNumber.isIn($0) }
  }

  @Test(
    "card numbers are found whatever separates their groups, and masked to the last four digits",
    arguments: [
      ("card 4111 1111 1111 1111!", "card **** **** **** 1111!"),
      ("4111-1111-1111-1111", "****-****-****-1111"),
      ("4111111111111111", "************1111"), ("x378282246310005y", "x***********0005y"),
      ("4222222222222", "*********2222"), ("CC4111111111111111", "CC************1111"),
      ("4111 1111 1111 1111 12/27", "**** **** **** 1111 12/27"),
      ("DE89370400440532013000 4111111111111111", "DE89370400440532013000 ************1111"),
      // Within a longer word it is not a creditor reference.
      ("XRF56 4111 1111 1111 1111", "XRF56 **** **** **** 1111"),
      ("1RF56 4111 1111 1111 1111", "1RF56 **** **** **** 1111"),
      ("xRF56 4111 1111 1111 1111", "xRF56 **** **** **** 1111"),
      ("RF56 4111 1111 1111 1111X", "RF56 **** **** **** 1111X"),
      ("RF56 4111 1111 1111 1111x", "RF56 **** **** **** 1111x"),
    ])
  func found(text: String, result: String) {
    #expect(isIn(text))
    #expect(masked(text) == result)
  }

  @Test(
    "IBANs, references, times and telephone numbers are not card numbers",
    arguments: [
      "4111111111111112", "411111111111", "DE89370400440532013000",
      "DE89 3704 0044 0532 0130 00 THANKS", "GB82WEST12345698765432",
      "GB82 WEST 1234 5698 7654 32 rent", "RF18 5390 0754 7034",
      "41111111111111114111111111111111", "2026-11-22 09:30:00", "+48 555 019 283",
      "4111  1111 1111 1111", "", "NO9386011117947", "RF56 4111 1111 1111 1111",
      "(RF56 4111 1111 1111 1111)",
    ])
  func spared(text: String) {
    #expect(!isIn(text))
    #expect(masked(text) == text)
  }
}
