import Foundation
import TestSupport

@testable import Notifications

/// SMTP servers that record messages; all tests share them.
struct SMTPServer: Sendable {
  /// A message that was accepted.
  struct Message: Decodable {
    let from: String
    let to: [String]
    let tls: Bool
    let user: String?
    let bytes: Data
  }

  /// A message as Python's standard library reads it.
  struct Parsed: Decodable {
    let headers: [String: String]
    let text: String
    let defects: [String]
  }

  let program: GuardedProgram
  let ports: [String: Int]

  private static let started = Task<SMTPServer, any Error> {
    let folder = try await TestCertificates.folder("smtp")
    let python = try GuardedProgram.found(
      GuardedProgram.top.appending(path: ".build/smtp/bin/python").path,
      package: "aiosmtpd")
    let program = try GuardedProgram(
      python, [GuardedProgram.script("smtp_server.py"), folder.path], folder: folder)
    return SMTPServer(program: program, ports: try await program.ports())
  }

  static func shared() async throws -> SMTPServer { try await started.value }

  /// The certificate of the authority that signed the servers' certificates.
  var authority: String { program.folder.appending(path: "authority.pem").path }

  /// The URL of `starttls`, `elsewhere`, `impostor`, `implicit` or `plain`.
  func url(_ server: String) -> String {
    "\(server == "implicit" ? "smtps" : "smtp")://localhost:\(ports[server] ?? 0)"
  }

  /// The messages for a recipient.
  func messages(for recipient: String) throws -> [Message] {
    try program.entries("messages.jsonl", as: Message.self).filter { $0.to.contains(recipient) }
  }

  /// Parses a message with an independent program.
  static func parse(_ message: Data) async throws -> Parsed {
    let folder = try TemporaryDirectory.make("mail")
    let file = folder.appending(path: "message.eml")
    try message.write(to: file)
    let process = try TestProcess(
      GuardedProgram.python(), [GuardedProgram.script("read_mail.py"), file.path],
      output: folder.appending(path: "output").path,
      errors: folder.appending(path: "errors").path)
    guard await process.end() == 0 else {
      throw GuardedProgram.Missing(
        description: try String(contentsOf: folder.appending(path: "errors"), encoding: .utf8))
    }
    return try JSONDecoder().decode(
      Parsed.self, from: Data(contentsOf: folder.appending(path: "output")))
  }
}
