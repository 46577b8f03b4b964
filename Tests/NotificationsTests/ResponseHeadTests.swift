import Testing

@testable import Notifications

@Suite("Heads of HTTP answers")
struct ResponseHeadTests {
  @Test("the head of an answer may have as many bytes as the limit, and not one more")
  func limit() {
    let status = "HTTP/1.1 200 OK\r\n"
    var head = ResponseHead()
    _ = head.add(status)
    let fits = head.add(String(repeating: "x", count: ResponseHead.limit - status.utf8.count))
    #expect(fits)
    let isMore = head.add("x")
    #expect(!isMore)
  }

  @Test("the head has the status of the last answer, and its Retry-After")
  func lastAnswer() {
    var head = ResponseHead()
    for line in ["HTTP/1.1 103 Early Hints\r\n", "retry-after: 9\r\n", "\r\n"] {
      _ = head.add(line)
    }
    #expect(!head.isComplete)
    for line in ["HTTP/2 503\r\n", "Retry-After: 7\r\n"] { _ = head.add(line) }
    #expect(head.status == 503)
    #expect(head.retryAfter == " 7")
    #expect(!head.isComplete)
    _ = head.add("\r\n")
    #expect(head.isComplete)
    // A trailer after the body changes nothing.
    let isRead = head.add("Retry-After: 1\r\n")
    #expect(isRead)
    #expect(head.retryAfter == " 7")
  }

  @Test(
    "a status that is not a number of three digits is ignored",
    arguments: ["HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1 abc"])
  func badStatus(line: String) {
    var head = ResponseHead()
    _ = head.add(line)
    #expect(head.status == nil)
    _ = head.add("")
    #expect(!head.isComplete)
  }

  @Test("a head is complete from status 200 on", arguments: [(199, false), (200, true)])
  func informational(status: Int, isComplete: Bool) {
    var head = ResponseHead()
    _ = head.add("HTTP/1.1 \(status)")
    _ = head.add("")
    #expect(head.isComplete == isComplete)
  }
}
