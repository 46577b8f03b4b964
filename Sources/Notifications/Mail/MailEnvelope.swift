/// Sender and recipients of a mail over SMTP.
package struct MailEnvelope: Sendable, Equatable {
  /// The address of the sender.
  package let sender: String
  /// The addresses of the recipients; when the server refuses one, no recipient gets the mail.
  package let recipients: [String]
  /// The user name of the login; nil for servers without login.
  package let user: String?

  /// Makes an envelope from addresses that it checks.
  ///
  /// - Throws: ``NotificationError/Code/unusableChannel`` for invalid addresses, which could inject
  ///   a command or header.
  package init(sender: String, recipients: [String], user: String? = nil) throws(NotificationError)
  {
    guard !recipients.isEmpty, recipients.count <= 100 else {
      throw NotificationError(.unusableChannel, "an email needs 1 to 100 recipients")
    }
    guard ([sender] + recipients).allSatisfy(Self.isAddress) else {
      throw NotificationError(
        .unusableChannel, "an address of the email is not valid",
        hint: "write it as name@example.com")
    }
    if let user,
      user.isEmpty
        || !user.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != "\u{7f}" }
        )
    {
      throw NotificationError(.unusableChannel, "the user of the email is empty or has blanks")
    }
    self.sender = sender
    self.recipients = recipients
    self.user = user
  }

  /// The domain of the sender.
  var domain: String { sender.split(separator: "@").last.map(String.init) ?? sender }

  /// Whether a text is an address in the form `dot-atom@domain` of RFC 5322, ASCII only.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, parts[0].utf8.count <= 64 else { return false }
    let atom = Set("!#$%&'*+-/=?^_`{|}~".utf8)
    func isDotAtom(_ text: Substring, _ others: Set<UInt8>) -> Bool {
      text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
              || others.contains(byte)
          }
      }
    }
    return isDotAtom(parts[0], atom) && isDotAtom(parts[1], Set("-".utf8))
  }
}
