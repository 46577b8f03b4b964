package import Foundation

/// SMTP servers that record messages; all tests share them.
package struct SMTPServer: Sendable {
  /// A message that was accepted.
  package struct Message: Decodable {
    package let from: String
    package let to: [String]
    package let tls: Bool
    package let user: String?
    package let bytes: Data
  }

  /// A message as Python's standard library reads it.
  package struct Parsed: Decodable {
    package let headers: [String: String]
    package let text: String
    package let defects: [String]
  }

  /// The servers' process and folder.
  package let program: GuardedProgram
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

  package static func shared() async throws -> SMTPServer { try await started.value }

  /// The certificate of the authority that signed the servers' certificates.
  package var authority: String { program.folder.appending(path: "authority.pem").path }

  /// The URL of `starttls`, `elsewhere`, `impostor`, `implicit` or `plain`.
  package func url(_ server: String) -> String {
    "\(server == "implicit" ? "smtps" : "smtp")://localhost:\(ports[server] ?? 0)"
  }

  /// The messages for a recipient.
  package func messages(for recipient: String) throws -> [Message] {
    try program.entries("messages.jsonl", as: Message.self).filter { $0.to.contains(recipient) }
  }

  /// Parses a message with an independent program.
  package static func parse(_ message: Data) async throws -> Parsed {
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
