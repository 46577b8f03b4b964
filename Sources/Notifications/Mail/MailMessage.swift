internal import Cryptography
internal import Foundation
internal import PayopsCore

/// A notification as a message of RFC 5322: UTF-8 text in quoted-printable, so that all of it is
/// ASCII.
package struct MailMessage {
  private let notification: AlertNotification
  private let envelope: MailEnvelope

  /// Makes the message of a notification for an envelope.
  package init(_ notification: AlertNotification, envelope: MailEnvelope) {
    self.notification = notification
    self.envelope = envelope
  }

  /// The message id, the same for every attempt, so that mail readers show one message when a retry
  /// delivered two.
  package var messageID: String { identifier(of: "delivery:" + notification.deliveryKey) }

  /// The whole message with CRLF line ends; libcurl doubles the dots at the start of lines.
  package var bytes: [UInt8] {
    let thread = identifier(of: "group:" + notification.groupKey)
    let headers = [
      "Date: \(date)",
      "From: payops <\(envelope.sender)>",
      "To: " + envelope.recipients.joined(separator: ",\r\n "),
      "Subject: " + Self.encodedWords(TextLimit.cut(subject, to: 200), after: 9),
      "Message-ID: \(messageID)",
      // No message has this id; mail readers show the messages that refer to it as one thread.
      "In-Reply-To: \(thread)",
      "References: \(thread)",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
    ]
    let text = headers.joined(separator: "\r\n") + "\r\n\r\n" + Self.quotedPrintable(body)
    return Array(text.utf8)
  }

  private var subject: String {
    let first = notification.alerts.first.map { " " + $0.summary } ?? ""
    return TextLimit.oneLine(notification.title + first)
  }

  private func identifier(of key: String) -> String {
    "<\(SHA256.of(key).prefix(40))@\(envelope.domain)>"
  }

  private var date: String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = notification.sentAt.description.split { "- ".contains($0) }.map(String.init)
    let day = days[((notification.sentAt.daysSinceEpoch % 7) + 7) % 7]
    guard parts.count == 4, let month = Int(parts[1]), let number = Int(parts[2]) else { return "" }
    return "\(day), \(number) \(months[month - 1]) \(parts[0]) \(parts[3]) +0000"
  }

  private var body: String {
    var lines: [String] = []
    for alert in notification.alerts.prefix(WebhookPayload.maximumAlerts) {
      let grade = alert.state == .resolved ? "RESOLVED" : alert.severity.rawValue
      lines.append("\(grade) \(TextLimit.oneLine(alert.name)): \(TextLimit.oneLine(alert.summary))")
      for line in alert.details.split(whereSeparator: \.isNewline) {
        lines.append("  \(TextLimit.oneLine(String(line)))")
      }
      if let value = alert.valueAtStake { lines.append("  at stake: \(TextLimit.oneLine(value))") }
      if let count = alert.customersAffected { lines.append("  customers affected: \(count)") }
      lines.append("  since: \(alert.startsAt) UTC")
      if let end = alert.endsAt { lines.append("  until: \(end) UTC") }
      for (name, value) in alert.labels.sorted(by: { $0.key < $1.key }) {
        lines.append("  \(TextLimit.oneLine(name)): \(TextLimit.oneLine(value))")
      }
      if let url = alert.generatorURL { lines.append("  \(TextLimit.oneLine(url))") }
      lines.append("")
    }
    let left =
      notification.truncatedAlerts
      + max(0, notification.alerts.count - WebhookPayload.maximumAlerts)
    if left > 0 { lines += ["and \(left) more", ""] }
    if !notification.externalURL.isEmpty {
      lines.append(TextLimit.oneLine(notification.externalURL))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The text of a header: plain, or in encoded words of RFC 2047 on lines of 76 bytes or less.
  ///
  /// - Parameter after: how many bytes the name of the header takes; at most 12.
  static func encodedWords(_ text: String, after: Int) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7f).contains($0) } && !text.contains("=?")
    if isPlain, text.utf8.count + after <= 76 { return text }
    var words: [String] = []
    var word: [UInt8] = []
    // 39 bytes are 52 Base64 digits, 64 with the frame, which leaves room for the header's name.
    for character in text.unicodeScalars {
      let bytes = Array(String(character).utf8)
      if word.count + bytes.count > 39 {
        words.append(encodedWord(word))
        word = []
      }
      word += bytes
    }
    words.append(encodedWord(word))
    return words.joined(separator: "\r\n ")
  }

  private static func encodedWord(_ bytes: [UInt8]) -> String {
    "=?utf-8?B?\(Data(bytes).base64EncodedString())?="
  }

  /// Text in the encoding quoted-printable of RFC 2045, lines of 76 bytes or less.
  static func quotedPrintable(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      var column = 0
      let bytes = Array(line.utf8)
      for (index, byte) in bytes.enumerated() {
        let isLastBlank = byte == 0x20 && index == bytes.count - 1
        let isPlain = (0x20..<0x7f).contains(byte) && byte != 0x3d && !isLastBlank
        let written = isPlain ? [byte] : [0x3d, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        if column + written.count > 75 {
          output += [0x3d, 0x0d, 0x0a]
          column = 0
        }
        output += written
        column += written.count
      }
      output += [0x0d, 0x0a]
    }
    return String(decoding: output, as: UTF8.self)
  }
}
