import Foundation
import TestSupport
import Testing

@testable import Processes

@Suite("End of a log")
struct LogTailTests {
  private func log(_ text: String) throws -> String {
    let file = try TemporaryDirectory.make("log").appending(path: "log")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test("the end of a log is its last lines from a position on, without blank ones")
  func lastLines() throws {
    let path = try log("one\n\ntwo\n   \nthree\n")
    #expect(LogTail.read(path, lines: 9) == "one\ntwo\nthree")
    #expect(LogTail.read(path, lines: 2) == "two\nthree")
    #expect(LogTail.read(path, from: 5, lines: 9) == "two\nthree")
    #expect(LogTail.size(path) == 19)
  }

  @Test("the end of a log shows errors if there are any, but not that the server aborts")
  func errors() throws {
    let path = try log("a [Note] x\nb [ERROR] cause\nc [Note] y\nd [ERROR] Aborting\n")
    #expect(LogTail.read(path, lines: 9) == "b [ERROR] cause")
    #expect(LogTail.read(path, from: 27, lines: 9) == "c [Note] y\nd [ERROR] Aborting")
  }

  @Test("at most the last 64 KiB of a log are read")
  func bounded() throws {
    let line = String(repeating: "x", count: 63) + "\n"
    let path = try log(String(repeating: line, count: 2048))
    #expect(LogTail.read(path, lines: 5000).split(separator: "\n").count == 1024)
    // A position after the limit counts.
    #expect(
      LogTail.read(path, from: UInt64(64 * 2040), lines: 5000).split(separator: "\n").count == 8)
  }

  @Test("the end of a missing log is empty")
  func missing() {
    #expect(LogTail.read("/nowhere/log", lines: 3) == "")
    #expect(LogTail.size("/nowhere/log") == 0)
  }
}
