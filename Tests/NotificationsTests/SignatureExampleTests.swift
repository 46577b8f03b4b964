import Foundation
import TestSupport
import Testing

@testable import Notifications

@Suite("Signature check in docs/notifications.md", .timeLimit(.minutes(1)))
struct SignatureExampleTests {
  /// The results of calls of the documented function.
  private func answers(_ calls: [String]) async throws -> [String] {
    let folder = try TemporaryDirectory.make("example")
    let text = try String(
      contentsOf: GuardedProgram.top.appending(path: "docs/notifications.md"), encoding: .utf8)
    let example = try #require(text.firstMatch(of: /(?s)```python\n(.*?)```/)).1
    let program = folder.appending(path: "example.py")
    let prints = calls.map { "print(\($0))" }.joined(separator: "\n")
    try Data("\(example)\n\(prints)\n".utf8).write(to: program)
    let output = folder.appending(path: "output")
    let process = try TestProcess(
      GuardedProgram.python(), [program.path], output: output.path,
      errors: folder.appending(path: "errors").path)
    try #require(await process.end() == 0)
    return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test("the documented check accepts a sent webhook, and refuses a changed or old one")
  func check() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let file = try TemporaryDirectory.make("secret").appending(path: "key")
    try Data("correct horse\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let channel = try Channel(
      name: "hook", kind: .webhook, target: receiver.url("/200/\(token)"), secretFile: file.path,
      connection: try Receiver.connection())
    #expect(await NotificationSender().deliver(Samples.full, through: channel) == .delivered)
    let old = NotificationSender(now: { Samples.instant("2020-01-01") })
    #expect(await old.deliver(Samples.full, through: channel) == .delivered)
    let requests = try receiver.requests(token)
    func call(_ request: Receiver.Request, body: String, key: String) throws -> String {
      let headers = try #require(request.headers["x-payops-timestamp"])
      let signature = try #require(request.headers["x-payops-signature"])
      let bytes = Array(body.utf8).map(String.init).joined(separator: ",")
      return "is_genuine({'X-Payops-Timestamp': '\(headers)', 'X-Payops-Signature': "
        + "'\(signature)'}, bytes([\(bytes)]), b'\(key)')"
    }
    let calls = [
      try call(requests[0], body: requests[0].body, key: "correct horse"),
      try call(requests[0], body: requests[0].body + " ", key: "correct horse"),
      try call(requests[0], body: requests[0].body, key: "wrong horse"),
      try call(requests[1], body: requests[1].body, key: "correct horse"),
    ]
    #expect(try await answers(calls) == ["True", "False", "False", "False"])
  }
}
