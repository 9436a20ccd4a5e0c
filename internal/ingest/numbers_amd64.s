#include "textflag.h"

// What short4 says of reading counts is so here: see numbers_amd64.go for what is not.

DATA zeros<>+0(SB)/8, $0x3030303030303030
DATA zeros<>+8(SB)/8, $0x3030303030303030
GLOBL zeros<>(SB), RODATA|NOPTR, $16

DATA nines<>+0(SB)/8, $0x0909090909090909
DATA nines<>+8(SB)/8, $0x0909090909090909
GLOBL nines<>(SB), RODATA|NOPTR, $16

DATA tens<>+0(SB)/8, $0x010a010a010a010a // 10 and 1
DATA tens<>+8(SB)/8, $0x010a010a010a010a
GLOBL tens<>(SB), RODATA|NOPTR, $16

DATA hundreds<>+0(SB)/8, $0x0001006400010064 // 100 and 1
DATA hundreds<>+8(SB)/8, $0x0001006400010064
GLOBL hundreds<>(SB), RODATA|NOPTR, $16

// LOOK puts a bit for each comma among 16 bytes into C, and for each digit into D.
#define LOOK(at, C, D) \
	MOVOU at(SI), X0    \
	MOVOA X0, X1        \
	PCMPEQB X5, X0      \
	PMOVMSKB X0, C      \
	PSUBB X7, X1        \
	MOVOA X1, X2        \
	PMINUB X6, X2       \
	PCMPEQB X1, X2      \
	PMOVMSKB X2, D

// LOOK2 does so for 32 bytes, by way of X and Y.
#define LOOK2(at, next, C, D, X, Y) \
	LOOK(at, C, D)   \
	LOOK(next, X, Y) \
	SHLQ $16, X      \
	SHLQ $16, Y      \
	ORQ X, C         \
	ORQ Y, D

// func shortsSSSE3(b *byte, at int, commas uint64, counts *byte, done, columns int, shuffles *[256]shuffle) (int, int)
TEXT ·shortsSSSE3(SB), NOSPLIT, $0-72
	MOVQ b+0(FP), SI
	ADDQ at+8(FP), SI
	MOVQ commas+16(FP), X5
	PUNPCKLQDQ X5, X5
	MOVQ counts+24(FP), DI
	MOVQ done+32(FP), AX
	LEAQ (DI)(AX*2), DI
	MOVQ columns+40(FP), R8
	SUBQ AX, R8 // columns that are left
	MOVQ shuffles+48(FP), R9
	MOVOU zeros<>(SB), X7
	MOVOU nines<>(SB), X6
	MOVOU tens<>(SB), X4
	MOVOU hundreds<>(SB), X3

look: // what 64 bytes are: in R10 those that are no digits, in R11 those that are no commas either
	LOOK2(0, 16, R11, R10, AX, BX)
	LOOK2(32, 48, CX, DX, AX, BX)
	SHLQ $32, CX
	SHLQ $32, DX
	ORQ CX, R11
	ORQ DX, R10
	ORQ R10, R11
	NOTQ R10
	NOTQ R11
	LEAQ 56(SI), R12

next: // the numbers that end within 8 bytes
	MOVBQZX R10B, AX
	SHLQ $5, AX
	ADDQ R9, AX
	MOVBQZX 16(AX), BX
	TESTQ BX, BX
	JZ done
	MOVQ (SI), X0
	PSUBB X7, X0
	MOVOU (AX), X1
	PSHUFB X1, X0    // four bytes a number, zeros in front of its digits
	PMADDUBSW X4, X0 // pairs of digits
	PMADDWL X3, X0   // pairs of pairs
	PACKSSLW X0, X0
	MOVQ X0, (DI)
	CMPQ BX, R8
	JGE last
	TESTB R11B, R11B
	JNZ done
	SUBQ BX, R8
	LEAQ (DI)(BX*2), DI
	MOVBQZX 17(AX), CX
	ADDQ CX, SI
	SHRQ CX, R10
	SHRQ CX, R11
	CMPQ SI, R12
	JLE next
	JMP look

last: // is all plain before the end of the last column?
	MOVBQZX 17(AX)(R8*1), CX
	MOVQ $1, BX
	SHLQ CX, BX
	DECQ BX
	MOVBQZX R11B, R11
	TESTQ BX, R11
	JNZ done
	ADDQ CX, SI
	XORQ R8, R8

done:
	SUBQ b+0(FP), SI
	MOVQ SI, ret+56(FP)
	MOVQ columns+40(FP), AX
	SUBQ R8, AX
	MOVQ AX, ret1+64(FP)
	RET
