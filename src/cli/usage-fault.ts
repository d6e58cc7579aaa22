/** What was typed cannot be meant: told with the command's help, exit code 2. */
export class UsageFault extends Error {
  override readonly name = "UsageFault";
}
