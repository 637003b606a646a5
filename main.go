// Command opsdeck is a terminal workstation for the people who keep B2B SaaS customers.
package main

func main() {}
